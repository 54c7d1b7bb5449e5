{#
    The CTEs that standardize one field, from the distinct texts of a CTE to <field>__checked: text, original, problem, remark and
    proposed value if the type has any, value and parts. The steps read the text that was meant (see readable_text) as
    <field>__original. `prepared` is what the type says (see prepare_field). Reads the CTE that `texts` names with its readings
    (see _reading_ctes), the CTE `placeholders` and those of reference lists.
#}
{% macro _value_ctes(field, prepared, texts='texts') -%}
{%- set f = field.name -%}
{%- set last_step = f ~ '__step_' ~ (prepared.steps | length) if prepared.steps else f ~ '__meant' -%}
{%- set has_country = field.country is mapping -%}
-- {{ f }}, of type {{ field.type }}
{%- if has_country %}
{{ dbt_dedup._country_ctes(field, prepared) }}
{% endif %}
{{ f }}__distinct as (
    select distinct {{ f }}__text
        {%- if has_country %},
        {{ f }}__country_text
        {%- endif %}
    from {{ texts }}
    where {{ f }}__text is not null
),

{{ f }}__trimmed as (
    select
        {%- if has_country %}
        {{ f }}__countries.{{ f }}__country_text,
        {{ f }}__countries.{{ f }}__country,
        {%- for fact in prepared.by_country.values() | list | first or {} %}
        {{ f }}__countries.{{ f }}__{{ fact }},
        {%- endfor %}
        {%- endif %}
        {{ f }}__distinct.{{ f }}__text,
        {{ dbt_dedup.trim_whitespace(f ~ '__distinct.' ~ f ~ '__text') | indent(8) }} as {{ f }}__trimmed,
        coalesce(readings.meant, {{ f }}__distinct.{{ f }}__text) as {{ f }}__readable
    from {{ f }}__distinct
    left join {{ texts }}__readings as readings on {{ f }}__distinct.{{ f }}__text = readings.text
    {%- if has_country %}
    inner join {{ f }}__countries on {{ f }}__distinct.{{ f }}__country_text = {{ f }}__countries.{{ f }}__country_text
    {%- endif %}
),

{{ f }}__meant as (
    select
        {%- if has_country %}
        {{ f }}__country_text,
        {{ f }}__country,
        {%- for fact in prepared.by_country.values() | list | first or {} %}
        {{ f }}__{{ fact }},
        {%- endfor %}
        {%- endif %}
        {{ f }}__text,
        {{ f }}__trimmed,
        -- a no-break space at the end may be half of a broken letter, so what is trimmed is not read
        case
            when {{ f }}__readable = {{ f }}__text then {{ f }}__trimmed
            else {{ f }}__readable
        end as {{ f }}__original
    from {{ f }}__trimmed
),
{% for step in prepared.steps %}
{%- set source = f ~ '__meant' if loop.first else f ~ '__step_' ~ loop.index0 %}
{%- set lookups = dbt_dedup._lookups_read(prepared.lookups, step.values() | list) %}
{{ f }}__step_{{ loop.index }} as (
    select
        {{ source ~ '.' if lookups }}*,
        {%- for suffix, sql in step.items() %}
        {{ sql | indent(8) }} as {{ f }}__{{ suffix }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source }}
    {%- for name in lookups %}
    cross join {{ name }}
    {%- endfor %}
),
{% endfor %}
{%- set lookups = dbt_dedup._lookups_read(prepared.lookups, [prepared.value] + prepared.parts.values() | list) %}
{{ f }}__standardized as (
    select
        {{ last_step ~ '.' if lookups }}*,
        {%- for part, sql in prepared.parts.items() %}
        nullif({{ sql | indent(8) }}, '') as {{ f }}__{{ part }},
        {%- endfor %}
        {{ prepared.value | indent(8) }} as {{ f }}
    from {{ last_step }}
    {%- for name in lookups %}
    cross join {{ name }}
    {%- endfor %}
),

{{ f }}__tested as (
    select
        {{ f }}__standardized.*,
        case
            when as_written.dedup__reason is not null then as_written.dedup__reason
            when as_value.dedup__reason is not null then as_value.dedup__reason
            {%- if prepared.listed_part %}
            when as_part.dedup__reason is not null then as_part.dedup__reason
            {%- endif %}
            {%- if not prepared.may_be_damaged %}
            when {{ dbt_dedup._is_damaged(f ~ '__original') }} then 'damaged_letters'
            {%- endif %}
            {%- for problem in prepared.problems %}
            when {{ problem.when }} then '{{ problem.name }}'
            {%- endfor %}
        end as {{ f }}__problem
    from {{ f }}__standardized
    left join placeholders as as_written
        on as_written.dedup__type = '{{ field.type }}'
        and lower({{ f }}__original) = as_written.dedup__value
    left join placeholders as as_value
        on as_value.dedup__type = '{{ field.type }}'
        and {{ prepared.listed_as }} = as_value.dedup__value
    {%- if prepared.listed_part %}
    left join placeholders as as_part
        on as_part.dedup__type = '{{ field.type }}'
        and {{ prepared.listed_part }} = as_part.dedup__value
    {%- endif %}
),

{{ f }}__checked as (
    select
        {{ f }}__text,
        {%- if has_country %}
        {{ f }}__country_text,
        {%- endif %}
        {{ f }}__trimmed as {{ f }}__original,
        {{ f }}__problem,
        {%- for suffix, sql in dbt_dedup._remark_columns(field, prepared).items() %}
        {{ sql | indent(8) }} as {{ f }}__{{ suffix }},
        {%- endfor %}
        {%- for part in prepared.parts %}
        case when {{ f }}__problem is null then {{ f }}__{{ part }} end as {{ f }}__{{ part }},
        {%- endfor %}
        case when {{ f }}__problem is null then {{ f }} end as {{ f }}
    from {{ f }}__tested
    where {{ f }}__trimmed <> ''
),
{%- endmacro %}
