{#
    CTEs that end with rule_<n>, the keys of a sorted neighborhood (Hernandez and Stolfo, SIGMOD 1995): records are sorted by the
    parts, equal ones by record_key, and each meets the next `window` - 1, each pair as a key of its own. Records with equal parts
    are a block besides, however many they are. A record that is alone has only the key of that block.
#}
{% macro _sorted_neighborhood_keys(spec, rule, is_alone) -%}
{%- set r = 'rule_' ~ rule.id -%}
{%- set columns = rule.parts | map(attribute='column') | list -%}
{%- if is_alone -%}
{{ dbt_dedup._equal_keys(spec, rule, r) }}
{%- else -%}
{{ dbt_dedup._equal_keys(spec, rule, r ~ '__equal') }},

{{ r }}__sorted as (
    select
        record_key,
        row_number() over (order by {{ columns | join(' asc, ') }} asc, record_key asc) as place
    from records
    where
        {%- for column in columns %}
        {{ 'and ' if not loop.first }}{{ column }} is not null
        {%- endfor %}
),

{{ r }}__steps as (
    select
        *,
        {{ dbt_dedup.explode(dbt_dedup.whole_numbers(rule.window - 1)) }} as step
    from {{ r }}__sorted
),

{{ r }}__pairs as (
    select
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r
    from {{ r }}__steps as l
    inner join {{ r }}__sorted as r on l.place + l.step = r.place
),

{{ dbt_dedup._pair_keys(spec, rule, r ~ '__near', r ~ '__pairs') }},

{{ r }} as (
    select * from {{ r }}__equal
    union all
    select * from {{ r }}__near
)
{%- endif -%}
{%- endmacro %}
