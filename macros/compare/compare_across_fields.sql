{# Features that look at two fields at once: given and family name swapped. #}
{% macro compare_across_fields(fields) %}
    {%- set compared = fields | selectattr('compare') | list -%}
    {%- set given = compared | selectattr('type', 'equalto', 'given_name') | map(attribute='name') | first -%}
    {%- set family = compared | selectattr('type', 'equalto', 'family_name') | map(attribute='name') | first -%}
    {%- if not given or not family -%}{{- return([]) -}}{%- endif -%}
    {{- return([{
        'name': 'names_swapped',
        'field': given,
        'direction': 1,
        'description': 'similarity of given to family name and family to given name, the lower of the two (Jaro-Winkler)',
        'sql': "case when l." ~ given ~ " is not null and r." ~ given ~ " is not null and l." ~ family ~ " is not null and r."
            ~ family ~ " is not null then least(" ~ dbt_dedup.name_similarity('l.' ~ given, 'r.' ~ family) ~ ", "
            ~ dbt_dedup.name_similarity('l.' ~ family, 'r.' ~ given) ~ ") end",
    }]) -}}
{% endmacro %}
