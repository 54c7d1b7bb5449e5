{#
    The columns of features, separated by commas, under a comment for each field. Those that a step before has computed (all
    without `reads`) are only named where `computed` says so.
#}
{% macro feature_columns(features, computed=false) %}
    {%- set lines = [] -%}
    {%- set heading = namespace(text='') -%}
    {%- for feature in features -%}
        {%- set text = '-- ' ~ feature.get('fields', [feature.field]) | join(' and ') -%}
        {%- if text != heading.text -%}{%- do lines.append(text) -%}{%- set heading.text = text -%}{%- endif -%}
        {%- set column = feature.name if computed and not feature.reads else dbt_dedup.feature_column(feature) -%}
        {%- do lines.append(column ~ (',' if not loop.last else '')) -%}
    {%- endfor -%}
    {{- return(lines | join('\n')) -}}
{% endmacro %}
