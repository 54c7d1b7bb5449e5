{# Dates: distance, parts in common, day and month swapped, typing errors, and how rare the shared date is. #}
{% macro compare_date(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature('log_days', dbt_dedup.log_days(f), 'log2(1 + days between the dates)', direction=-1),
        dbt_dedup.feature('parts', dbt_dedup.equal_date_parts(f), 'how many of year, month and day are equal (0 to 3)'),
        dbt_dedup.feature(
            'swapped', dbt_dedup.day_month_swapped(f),
            '1 where day and month of one side are month and day of the other'
        ),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity('l.' ~ f ~ '__digits', 'r.' ~ f ~ '__digits'),
            '1 - edit distance / 8, over the digits YYYYMMDD'
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
