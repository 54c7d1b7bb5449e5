{# The features `exact`, `jaro_winkler` and `edit` of a field. #}
{% macro spelling_features(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {{- return([
        dbt_dedup.exact_feature(field),
        dbt_dedup.feature('jaro_winkler', dbt_dedup.name_similarity(l, r), 'Jaro-Winkler similarity'),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity(l, r),
            '1 - edit distance / length of the longer value, over the first 100 characters'
        ),
    ]) -}}
{% endmacro %}
