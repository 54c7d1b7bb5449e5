{# A date from text in one of several layouts (strptime codes, first match wins), null where none fits. #}
{% macro parse_date(text, layouts) %}
    {{- return(adapter.dispatch('parse_date', 'dbt_dedup')(text, layouts)) -}}
{% endmacro %}

{% macro duckdb__parse_date(text, layouts) %}
    {%- set lines = [] -%}
    {%- for line in layouts | batch(8) -%}{%- do lines.append("'" ~ line | join("', '") ~ "'") -%}{%- endfor -%}
    {{- return("cast(try_strptime(" ~ text ~ ", [
    " ~ lines | join(',\n    ') ~ "
]) as date)") -}}
{% endmacro %}

{% macro default__parse_date(text, layouts) %}
    {{- dbt_dedup.unsupported('parse_date') -}}
{% endmacro %}
