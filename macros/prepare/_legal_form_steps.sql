{#
    The steps from a clean name, <field>__<subject>, to the name without its legal forms, <field>__<subject>_alone, with the last
    form, <field>__<subject>_end_1, and the one in front, <field>__<subject>_front. Up to three forms follow one another, as in
    "Holding Co Ltd". A form stays where nothing else is left, and behind a word such as "of". `original` is the text as written.
#}
{% macro _legal_form_steps(field_name, subject, original) %}
    {%- set s = field_name ~ '__' ~ subject -%}
    {%- set most_endings = 3 -%}
    {%- set steps, name = [], namespace(column=s, before=none) -%}
    {%- for number in range(1, most_endings + 1) -%}
        {%- set end, rest = s ~ '_end_' ~ number, s ~ '_rest_' ~ number -%}
        {%- set left_over = 'left(\n        ' ~ name.column ~ ', length(' ~ name.column ~ ') - length(' ~ end ~ ') - 1\n    )' -%}
        {%- set kept = [
            'when coalesce(length(' ~ end ~ '), 0) in (0, length(' ~ name.column ~ ')) then ' ~ name.column,
            'when ' ~ dbt_dedup.lookup('legal_forms.entries', end) ~ ' is null then ' ~ name.column,
        ] -%}
        {%- if number == 1 -%}
            {%- set before_names = '(^| )(of|for|the|de|del|della|di|du|des|von|fur|a|an)$' -%}
            {%- do kept.append('when ' ~ dbt_dedup.matches_pattern(left_over, before_names) ~ ' then ' ~ name.column) -%}
        {%- endif -%}
        {%- set sought = name.column if number == 1
            else 'case when ' ~ name.column ~ ' <> ' ~ name.before ~ ' then ' ~ name.column ~ ' end' -%}
        {%- do steps.append({subject ~ '_end_' ~ number: dbt_dedup.listed_ending(sought, 'legal_form_endings.entries')}) -%}
        {%- do steps.append({subject ~ '_rest_' ~ number: dbt_dedup.case_lines(kept, left_over)}) -%}
        {%- set name.before = name.column -%}
        {%- set name.column = rest -%}
    {%- endfor -%}
    {%- set front = s ~ '_front' -%}
    {%- do steps.append({
        subject ~ '_front': dbt_dedup.listed_beginning(name.column, original, s ~ '_end_1', 'legal_form_beginnings.entries')
    }) -%}
    {%- do steps.append({subject ~ '_alone': dbt_dedup.case_lines([
        'when length(' ~ front ~ ') < length(' ~ name.column ~ ') and '
            ~ dbt_dedup.lookup('legal_forms.entries', 'lower(' ~ front ~ ')') ~ ' is not null'
            ~ '\n    then substr(' ~ name.column ~ ', length(' ~ front ~ ') + 2)',
        'when ' ~ name.column ~ " like '_% and' then left(" ~ name.column ~ ', length(' ~ name.column ~ ') - 4)',
    ], name.column)}) -%}
    {{- return(steps) -}}
{% endmacro %}
