{# The features `exact`, `jaro_winkler` and `edit` of a field. #}
{% macro spelling_features(field) %}
    {{- return([
        dbt_dedup.exact_feature(field),
        dbt_dedup.name_similarity_feature('jaro_winkler', field),
        dbt_dedup.edit_feature(field),
    ]) -}}
{% endmacro %}
