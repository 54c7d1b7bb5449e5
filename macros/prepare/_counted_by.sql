{# When the values and the words of an entity with `incremental: true` were counted, as texts to compare. #}
{% macro _counted_by(entity_name) %}
    {%- set counted_by = [] -%}
    {%- for counts in ['value_counts', 'token_counts'] -%}
        {%- do counted_by.append(dbt_dedup._made_by(ref('int_' ~ entity_name ~ '__' ~ counts), 'counted_by') | string) -%}
    {%- endfor -%}
    {{- return(counted_by) -}}
{% endmacro %}
