{#
    SQL of the country that a value of a field is read in (ISO 3166 code): that of the field, or of the row where the option
    `country` names a column; null where neither is known.
#}
{% macro _country_of(field) %}
    {%- if field.country is mapping -%}{{- return(field.name ~ '__country') -}}{%- endif -%}
    {{- return("'" ~ field.country ~ "'" if field.country else 'cast(null as ' ~ dbt_dedup.text_type() ~ ')') -}}
{% endmacro %}
