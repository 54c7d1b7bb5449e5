{#
    A feature that is the Jaccard overlap of two lists of distinct items: shared items / all items, in [0, 1]; null where a
    list is null or both are empty. `items` says what the items are.
#}
{% macro list_overlap_feature(name, column, items) %}
    {{- return(dbt_dedup.feature(
        name,
        'cast(' ~ column ~ '_shared as double)'
            ~ '\n/ nullif(' ~ column ~ '_count_l + ' ~ column ~ '_count_r - ' ~ column ~ '_shared, 0)',
        'share of the ' ~ items ~ ' that both sides have (Jaccard), from 0 to 1',
        reads=dbt_dedup.list_counts(column)
    )) -}}
{% endmacro %}
