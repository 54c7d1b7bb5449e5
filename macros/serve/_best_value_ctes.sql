{#
    The CTEs that choose, among the variants that the rule of a choice put first, the best value of one field and its best
    spelling: <field>__chosen with cluster_key, value, original text and record id. See _choice_ctes.
#}
{% macro _best_value_ctes(spec, choice, field, type) -%}
{%- set c, f = choice.name, field.name -%}
{%- set text = f if type.data_type == dbt_dedup.text_type() else 'cast(' ~ f ~ ' as ' ~ dbt_dedup.text_type() ~ ')' -%}
{%- set supporting = dbt_dedup._supporting_fields(spec, field) if choice.joins_variants else [] -%}
{%- set is_spelled = type.shown != f -%}
{%- if choice.joins_variants %}
{{ f }}__variants as (
    select
        cluster_key,
        {{ f }},
        {%- if type.lesser or type.has_parts %}
        min({{ f }}__is_lesser) as is_lesser,
        {%- endif %}
        {%- if type.doubtful %}
        min({{ f }}__is_doubtful) as is_doubtful,
        {%- endif %}
        {%- if choice.rival %}
        min(foreignness) as foreignness,
        {%- endif %}
        sum(records) as records,
        max(last_updated_at) as last_updated_at,
        min(source_rank) as source_rank
    from {{ c }}__near
    where {{ f }} is not null
    group by cluster_key, {{ f }}
),
{% for other in supporting %}
{{ f }}__in_{{ other.name }} as (
    select
        {{ f }}__variants.cluster_key,
        {{ f }}__variants.{{ f }},
        count(distinct shared.{{ other.name }}) as {{ f }}__supporting
    from {{ f }}__variants
    inner join shared on {{ f }}__variants.cluster_key = shared.cluster_key
    where {{ dbt_dedup._supports(f ~ '__variants.' ~ f, 'shared.' ~ other.name, field.type) | indent(8) }}
    group by {{ f }}__variants.cluster_key, {{ f }}__variants.{{ f }}
),
{% endfor %}
{%- if type.known_by == 'words' %}
{{ f }}__words as (
    select
        {{ f }},
        {{ dbt_dedup.explode(dbt_dedup.distinct_items(type.tokens)) }} as {{ f }}__word
    from (select distinct {{ f }} from {{ f }}__variants) as variants
),

-- a value is as well known as its rarest word
{{ f }}__known as (
    select
        {{ f }}__words.{{ f }},
        min(coalesce(token_counts.records, 0)) as {{ f }}__known
    from {{ f }}__words
    left join token_counts
        on token_counts.field = '{{ f }}'
        and {{ f }}__words.{{ f }}__word = token_counts.word
    group by {{ f }}__words.{{ f }}
),
{% endif %}
{%- if is_spelled %}

{{ f }}__letters as (
    select
        {{ f }}__variants.cluster_key,
        {{ f }}__variants.{{ f }},
        max(case
            when {{ dbt_dedup.byte_length('shared.' ~ f ~ '__original') }} > length(shared.{{ f }}__original) then 1
            else 0
        end) as has_diacritics,
        max(case
            when shared.{{ f }}__original = upper(shared.{{ f }}__original) then 0
            when shared.{{ f }}__original = lower(shared.{{ f }}__original) then 0
            else 1
        end) as has_mixed_case
    from {{ f }}__variants
    inner join shared
        on {{ f }}__variants.cluster_key = shared.cluster_key
        and {{ f }}__variants.{{ f }} = shared.{{ f }}
    group by {{ f }}__variants.cluster_key, {{ f }}__variants.{{ f }}
),
{% endif %}
{{ f }}__weighed as (
    select{{ '\n       ' if supporting or is_spelled or type.known_by }} {{ f }}__variants.*
        {%- if supporting %},
        {% for other in supporting %}coalesce({{ f }}__in_{{ other.name }}.{{ f }}__supporting, 0){{ ' + ' if not loop.last }}{% endfor %} as {{ f }}__supporting
        {%- endif %}
        {%- if is_spelled %},
        {{ f }}__letters.has_diacritics,
        {{ f }}__letters.has_mixed_case
        {%- endif %}
        {%- if type.known_by %},
        {{ f }}__{{ 'known.' ~ f ~ '__known' if type.known_by == 'words' else 'counts.records' }} as {{ f }}__known
        {%- endif %}
    from {{ f }}__variants
    {%- for other in supporting %}
    left join {{ f }}__in_{{ other.name }}
        on {{ f }}__variants.cluster_key = {{ f }}__in_{{ other.name }}.cluster_key
        and {{ f }}__variants.{{ f }} = {{ f }}__in_{{ other.name }}.{{ f }}
    {%- endfor %}
    {%- if is_spelled %}
    left join {{ f }}__letters
        on {{ f }}__variants.cluster_key = {{ f }}__letters.cluster_key
        and {{ f }}__variants.{{ f }} = {{ f }}__letters.{{ f }}
    {%- endif %}
    {%- if type.known_by == 'words' %}
    left join {{ f }}__known on {{ f }}__variants.{{ f }} = {{ f }}__known.{{ f }}
    {%- elif type.known_by == 'value' %}
    left join value_counts as {{ f }}__counts
        on {{ f }}__counts.field = '{{ f }}'
        and {{ type.known_as | replace('{0}', f ~ '__variants.' ~ f) }} = {{ f }}__counts.value
    {%- endif %}
),

{{ f }}__best as (
    select
        *,
        row_number() over (
            partition by cluster_key
            order by
                {%- if type.doubtful %}
                is_doubtful asc,
                {%- endif %}
                {%- if choice.rival %}
                foreignness asc,
                {%- endif %}
                {%- if type.lesser or type.has_parts %}
                is_lesser asc,
                {%- endif %}
                records desc,
                {%- if supporting %}
                {{ f }}__supporting desc,
                {%- endif %}
                {%- if is_spelled %}
                has_diacritics desc,
                {%- endif %}
                {%- if type.known_by %}
                {{ f }}__known desc,
                {%- endif %}
                {%- if is_spelled %}
                has_mixed_case desc,
                {%- endif %}
                source_rank asc,
                last_updated_at desc nulls last,
                length({{ text }}) desc,
                {{ f }} asc
        ) as {{ c }}__place
    from {{ f }}__weighed
),
{% endif %}
{{ f }}__value as (
    select
        cluster_key,
        {{ f }}
    from {{ c }}__single
    where {{ f }} is not null
    union all
    select
        cluster_key,
        {{ f }}
    from {{ f ~ '__best' if choice.joins_variants else c ~ '__first' }}
    where {{ c }}__place = 1 and {{ f }} is not null
),

{{ f }}__spelled as (
    select
        shared.cluster_key,
        shared.record_id,
        shared.{{ f }},
        {%- if is_spelled %}
        shared.{{ f }}__original,
        {%- endif %}
        row(
            {{ (dbt_dedup._spelling_order(f ~ '__original', type) + ['shared.entity__place']) | join(',\n') | indent(12) }}
        ) as {{ f }}__spelling_order
    from {{ f }}__value
    inner join shared
        on {{ f }}__value.cluster_key = shared.cluster_key
        and {{ f }}__value.{{ f }} = shared.{{ f }}
),

{{ f }}__chosen as (
    select
        cluster_key,
        min({{ f }}) as {{ f }},
        {%- if is_spelled %}
        {{ dbt_dedup.value_at_first(f ~ '__original', f ~ '__spelling_order') }} as {{ f }}__original,
        {%- endif %}
        {{ dbt_dedup.value_at_first('record_id', f ~ '__spelling_order') }} as {{ f }}__record_id
    from {{ f }}__spelled
    group by cluster_key
),
{% endmacro %}
