{#
    CTEs that end with rule_<n>, two rows per pair of a record and one of the k records most like it: the pair is the key. Likeness
    is the cosine of the items weighed by rarity, log2(1 + records / records with the item). A record is looked up by its rarest
    items, until they have met so many records as method_constants says (prefix filtering: Chaudhuri, Ganti and Kaushik, ICDE
    2006), so that the cost grows with the records. The weights are whole numbers, so that sums do not depend on their order.
    Empty where a record is alone.
#}
{% macro _top_k_keys(spec, rule, is_alone) -%}
{%- set r = 'rule_' ~ rule.id -%}
{%- if is_alone -%}
{{ r }} as (
    {{ dbt_dedup._no_keys(spec, rule) | indent(4) }}
)
{%- else -%}
{{ dbt_dedup._rule_items(spec, rule) }}

{{ r }}__total as (
    select count(distinct record_key) as records from {{ r }}__items
),

{{ r }}__counts as (
    select
        item,
        count(*) as records
    from {{ r }}__items
    group by item
),

{{ r }}__weights as (
    select
        counts.item,
        counts.records,
        cast(round(1000 * log2(1 + cast(total.records as double) / counts.records)) as bigint) as weight
    from {{ r }}__counts as counts
    cross join {{ r }}__total as total
),

{{ r }}__weighed as (
    select
        items.record_key,
        items.source,
        items.item,
        weights.records,
        weights.weight,
        sum(weights.weight * weights.weight) over (partition by items.record_key) as squares,
        sum(case when weights.records > 1 then weights.records else 0 end) over (
            partition by items.record_key
            order by weights.records asc, items.item asc
            rows between unbounded preceding and current row
        ) as met_records
    from {{ r }}__items as items
    inner join {{ r }}__weights as weights on items.item = weights.item
),

{{ r }}__searched as (
    select * from {{ r }}__weighed
    where records > 1 and met_records <= {{ dbt_dedup.method_constants().searched_records }}
),

{{ r }}__alike as (
    select
        l.record_key,
        r.record_key as other_key,
        sum(l.weight * r.weight) / sqrt(cast(max(r.squares) as double)) as likeness
    from {{ r }}__searched as l
    inner join {{ r }}__weighed as r
        on l.item = r.item
        and l.record_key <> r.record_key
        {%- if spec.source_mode != 'both' %}
        {{ dbt_dedup._source_allows(spec) }}
        {%- endif %}
    group by l.record_key, r.record_key
),

{{ r }}__ranked as (
    select
        record_key,
        other_key,
        row_number() over (partition by record_key order by likeness desc, other_key asc) as place
    from {{ r }}__alike
),

{{ r }}__pairs as (
    select distinct
        least(record_key, other_key) as record_key_l,
        greatest(record_key, other_key) as record_key_r
    from {{ r }}__ranked
    where place <= {{ rule.k }}
),

{{ dbt_dedup._pair_keys(spec, rule, r, r ~ '__pairs') }}
{%- endif -%}
{%- endmacro %}
