{#
    The CTEs that derive keys from the distinct values of a field, up to <field>__derived. `type` is what the field's type says
    (see prepare_field). The whole text of a record has no rarity: it is read from `records`, other values from `value_counts`.
#}
{% macro derived_ctes(f, type, is_whole_text) -%}
{%- set steps = [] -%}
{%- for step in type.derived_steps -%}
    {%- set columns = {} -%}
    {%- for key, sql in step.items() -%}{%- do columns.update({key: "nullif(" ~ sql ~ ", '')"}) -%}{%- endfor -%}
    {%- do steps.append(columns) -%}
{%- endfor -%}
{%- set last_columns = dict(type.numbers, **type.lists) -%}
{%- if last_columns -%}{%- do steps.append(last_columns) -%}{%- endif -%}
{%- set first = f ~ '__distinct' -%}
-- {{ f }}
{{ first if steps else f ~ '__derived' }} as (
    {%- if is_whole_text %}
    select {{ f }}
    from records
    where {{ f }} is not null
    group by {{ f }}
    {%- else %}
    select
        {{ 'value' if type.data_type == dbt_dedup.text_type() else 'cast(value as ' ~ type.data_type ~ ')' }} as {{ f }},
        rarity
    from value_counts
    where field = '{{ f }}'
    {%- endif %}
),
{%- for columns in steps %}
{%- set source = first if loop.first else f ~ '__derived_' ~ loop.index0 %}
{%- set lookups = dbt_dedup.lookups_read(type.lookups, columns.values() | list) %}

{{ f ~ '__derived' if loop.last else f ~ '__derived_' ~ loop.index }} as (
    select
        {{ source ~ '.' if lookups }}*,
        {%- for key, sql in columns.items() %}
        {{ sql | indent(8) }} as {{ f }}__{{ key }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source }}
    {%- for name in lookups %}
    cross join {{ name }}
    {%- endfor %}
),
{%- endfor %}
{%- endmacro %}
