{# The feature `nickname` of a given name or a full name. #}
{% macro nickname_feature(field) %}
    {{- return(dbt_dedup.feature(
        'nickname', dbt_dedup.item_in_common(field ~ '__canonical'),
        '1 if both given names can stand for the same formal name (Bob, Robert), 0 if not'
    )) -}}
{% endmacro %}
