{#
    The fields of an entity whose words are weighted by rarity, each with SQL of the relation of its distinct values: columns
    <field> and records. `value_counts` and `records` name the relations to read.
#}
{% macro token_fields(spec, value_counts, records) %}
    {%- set token_fields = [] -%}
    {%- for field in spec.fields -%}
        {%- set prepared = dbt_dedup.prepare_field(field) -%}
        {%- if prepared.tokens -%}
            {%- set values -%}
select
    value as {{ field.name }},
    records
from {{ value_counts }}
where field = '{{ field.name }}'
            {%- endset -%}
            {%- do token_fields.append({'name': field.name, 'tokens': prepared.tokens, 'values': values}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set whole = dbt_dedup.whole_text(spec.fields) -%}
    {%- if whole -%}
        {%- set values -%}
select
    {{ whole.name }},
    count(*) as records
from {{ records }}
where {{ whole.name }} is not null
group by {{ whole.name }}
        {%- endset -%}
        {%- do token_fields.append({
            'name': whole.name, 'tokens': dbt_dedup.prepared_whole_text(whole).tokens, 'values': values
        }) -%}
    {%- endif -%}
    {{- return(token_fields) -}}
{% endmacro %}
