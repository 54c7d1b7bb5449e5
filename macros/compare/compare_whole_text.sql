{#
    Features of the text of the whole record (see whole_text): words weighted by rarity, and codes. A code may be spelled with
    blanks or punctuation in the other text (ps lx350h), so it is also sought there among all letters and digits in a row.
#}
{% macro compare_whole_text(field) %}
    {%- set f = field.name -%}
    {%- set counts = dbt_dedup.list_counts(f ~ '__codes') -%}
    {%- set l_count, r_count, shared = f ~ '__codes_count_l', f ~ '__codes_count_r', f ~ '__codes_shared' -%}
    {%- set l_inside, r_inside = f ~ '__code_inside_l', f ~ '__code_inside_r' -%}
    {%- set codes_inside = dict(counts, **{
        l_inside: dbt_dedup.longest_item_inside('l.' ~ f ~ '__codes', 'r.' ~ f ~ '__squeezed'),
        r_inside: dbt_dedup.longest_item_inside('r.' ~ f ~ '__codes', 'l.' ~ f ~ '__squeezed'),
    }) -%}
    {%- set either_has_codes = 'when ' ~ l_count ~ ' + ' ~ r_count ~ ' > 0\n    then ' -%}
    {%- set both_have_codes = 'when ' ~ l_count ~ ' > 0 and ' ~ r_count ~ ' > 0\n    then ' -%}
    {%- set code = 'words of at least ' ~ dbt_dedup.method_constants().code_characters ~ ' characters with a digit' -%}
    {{- return(dbt_dedup.token_features(f) + [
        dbt_dedup.list_overlap_feature('codes', f ~ '__codes', 'codes (' ~ code ~ ')'),
        dbt_dedup.feature(
            'unshared_codes',
            dbt_dedup.case_lines([both_have_codes ~ 'least(' ~ l_count ~ ', ' ~ r_count ~ ') - ' ~ shared]),
            'number of codes that only one side has, on the side with fewer codes', direction=-1, reads=counts
        ),
        dbt_dedup.feature(
            'code_inside', dbt_dedup.case_lines([either_has_codes ~ 'greatest(' ~ l_inside ~ ', ' ~ r_inside ~ ')']),
            'length in characters of the longest code that the text of the other side contains, however it is spaced',
            reads=codes_inside
        ),
        dbt_dedup.feature(
            'code_inside_both', dbt_dedup.case_lines([both_have_codes ~ 'least(' ~ l_inside ~ ', ' ~ r_inside ~ ')']),
            'the same for the codes of each side, the smaller of the two lengths', reads=codes_inside
        ),
    ]) -}}
{% endmacro %}
