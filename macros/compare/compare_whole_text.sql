{#
    Features of the text of the whole record (see whole_text): words weighed by rarity, and codes. A code may stand in the
    other text with blanks or punctuation inside (ps lx350h), so it is also looked for among all letters and digits in a row.
#}
{% macro compare_whole_text(field) %}
    {%- set f = field.name -%}
    {%- set l, r = 'l.' ~ f ~ '__codes', 'r.' ~ f ~ '__codes' -%}
    {%- set l_count, r_count = dbt_dedup.item_count(l), dbt_dedup.item_count(r) -%}
    {%- set l_inside = dbt_dedup.longest_item_inside(l, 'r.' ~ f ~ '__squeezed') -%}
    {%- set r_inside = dbt_dedup.longest_item_inside(r, 'l.' ~ f ~ '__squeezed') -%}
    {%- set both_have = 'case when ' ~ l_count ~ ' > 0 and ' ~ r_count ~ ' > 0 then ' -%}
    {{- return(dbt_dedup.token_features(f) + [
        dbt_dedup.feature('codes', dbt_dedup.list_overlap(f ~ '__codes'), 'overlap of the codes (words with a digit of four characters or more)'),
        dbt_dedup.feature(
            'unshared_codes',
            both_have ~ 'least(' ~ l_count ~ ', ' ~ r_count ~ ') - ' ~ dbt_dedup.item_count(dbt_dedup.shared_items(l, r)) ~ ' end',
            'number of codes that only one side has, on the side that has fewer', direction=-1
        ),
        dbt_dedup.feature(
            'code_inside', 'case when ' ~ l_count ~ ' + ' ~ r_count ~ ' > 0 then greatest(' ~ l_inside ~ ', ' ~ r_inside ~ ') end',
            'characters of the longest code of one side that stands in the text of the other, however it is spaced'
        ),
        dbt_dedup.feature(
            'code_inside_both', both_have ~ 'least(' ~ l_inside ~ ', ' ~ r_inside ~ ') end',
            'the same from each side to the other, the lower of the two'
        ),
    ]) -}}
{% endmacro %}
