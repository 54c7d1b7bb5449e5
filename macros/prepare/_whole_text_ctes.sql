{# The CTEs that read the text of the whole record from a CTE `records` of standardized fields, a step each (see _prepared_whole_text). #}
{% macro _whole_text_ctes(whole) -%}
{%- for step in dbt_dedup._prepared_whole_text(whole).steps -%}
{{ whole.name }}__step_{{ loop.index }} as (
    select
        *,
        {%- for suffix, sql in step.items() %}
        {{ sql | indent(8) }} as {{ whole.name }}__{{ suffix }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ 'records' if loop.first else whole.name ~ '__step_' ~ loop.index0 }}
),{{ '\n\n' if not loop.last }}
{%- endfor -%}
{%- endmacro %}
