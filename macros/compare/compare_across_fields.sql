{# Features that look at two fields at once: given and family name swapped. #}
{% macro compare_across_fields(fields) %}
    {%- set compared = fields | selectattr('compare') | list -%}
    {%- set given = compared | selectattr('type', 'equalto', 'given_name') | map(attribute='name') | first -%}
    {%- set family = compared | selectattr('type', 'equalto', 'family_name') | map(attribute='name') | first -%}
    {%- if not given or not family -%}{{- return([]) -}}{%- endif -%}
    {#- least() passes over nulls, so each name needs a case of its own -#}
    {%- set absent = [] -%}
    {%- for name in [given, family] -%}{%- do absent.append('l.' ~ name ~ ' is null or r.' ~ name ~ ' is null') -%}{%- endfor -%}
    {%- set given_to_family = dbt_dedup.name_similarity('l.' ~ given, 'r.' ~ family) -%}
    {%- set family_to_given = dbt_dedup.name_similarity('l.' ~ family, 'r.' ~ given) -%}
    {{- return([dict(
        dbt_dedup.feature(
            'names_swapped',
            dbt_dedup.case_lines(
                ['when ' ~ absent | join('\n    or ') ~ '\n    then null'],
                otherwise='least(\n    ' ~ given_to_family | indent(4) ~ ',\n    ' ~ family_to_given | indent(4) ~ '\n)'
            ),
            'Jaro-Winkler similarity of given to family name and of family to given name, the lower of the two, from 0 to 1'
        ),
        field=given, fields=[given, family]
    )]) -}}
{% endmacro %}
