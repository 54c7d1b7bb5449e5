{# A pattern of what a folded name holds if any of the rules for names may change it. Most names hold none of it. #}
{% macro _signs_in_names() %}
    {{- return(
        '[.,&+(\\[0-9]| the |(' ~ dbt_dedup._honorifics() ~ ')$| (' ~ dbt_dedup._degrees() ~ ')\\b'
    ) -}}
{% endmacro %}
