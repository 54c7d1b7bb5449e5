{# A feature that counts the items of two lists of distinct items that only one list has. `items` says what the items are. #}
{% macro unshared_items_feature(name, column, items) %}
    {{- return(dbt_dedup.feature(
        name, column ~ '_count_l + ' ~ column ~ '_count_r - 2 * ' ~ column ~ '_shared',
        'number of ' ~ items ~ ' that only one side has', direction=-1,
        reads=dbt_dedup.list_counts(column)
    )) -}}
{% endmacro %}
