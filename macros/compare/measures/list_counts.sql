{#
    What the measures of two lists of distinct items read (see `reads` of the macro feature): <column>_shared, the number of
    items in both lists, and <column>_count_l and <column>_count_r, the number of items in each.
#}
{% macro list_counts(column) %}
    {%- set l, r = 'l.' ~ column, 'r.' ~ column -%}
    {{- return({
        column ~ '_count_l': dbt_dedup.item_count(l),
        column ~ '_count_r': dbt_dedup.item_count(r),
        column ~ '_shared': dbt_dedup.case_lines(
            ['when ' ~ l ~ ' = ' ~ r ~ ' then ' ~ dbt_dedup.item_count(l)],
            otherwise=dbt_dedup.item_count(dbt_dedup.shared_items(l, r))
        ),
    }) -}}
{% endmacro %}
