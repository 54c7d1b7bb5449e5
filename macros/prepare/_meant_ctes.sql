{#
    The CTEs that add <field>__meant, the text that was meant (see readable_text), to a relation with <field>__original:
    <relation>__meant has it for each of the fields that a golden record does not show as their standardized value.
#}
{% macro _meant_ctes(relation, fields) -%}
{%- set shown_as_text = [] -%}
{%- for field in fields if dbt_dedup.prepare_field(field).shown != field.name -%}{%- do shown_as_text.append(field.name) -%}{%- endfor -%}
{%- if shown_as_text %}
{%- set columns = [] -%}
{%- for f in shown_as_text -%}{%- do columns.append(f ~ '__original') -%}{%- endfor -%}
{{ dbt_dedup._reading_ctes(relation, columns) }}
{% endif %}
{{ relation }}__meant as (
    select
        {{ relation }}.*
        {%- for f in shown_as_text %},
        coalesce({{ f }}__reading.meant, {{ relation }}.{{ f }}__original) as {{ f }}__meant
        {%- endfor %}
    from {{ relation }}
    {%- for f in shown_as_text %}
    left join {{ relation }}__readings as {{ f }}__reading
        on {{ relation }}.{{ f }}__original = {{ f }}__reading.text
    {%- endfor %}
),
{%- endmacro %}
