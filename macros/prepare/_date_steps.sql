{#
    The steps from a text to a date: __clean (numbers, separators and the name of a month), __numbers (joined by hyphens),
    __ordered (year-month-day as they are read; a part that is not there is empty) and __date.
#}
{% macro _date_steps(field) %}
    {%- set f = field.name -%}
    {%- if field.date_order not in [none, 'mdy', 'dmy'] -%}
        {{- dbt_dedup.spec_error(field.entity, 'fields.' ~ f ~ '.date_order', field.date_order, ['mdy', 'dmy']) -}}
    {%- endif -%}
    {%- if field.excel_days is not boolean -%}
        {{- dbt_dedup.spec_error(field.entity, 'fields.' ~ f ~ '.excel_days', field.excel_days, 'true or false') -}}
    {%- endif -%}
    {%- set folded, clean, whole = f ~ '__folded', f ~ '__clean', f ~ '__whole_number' -%}
    {%- set letters, month, numbers, ordered = f ~ '__letters', f ~ '__month_number', f ~ '__numbers', f ~ '__ordered' -%}
    {%- set second, third, is_swapped = f ~ '__second', f ~ '__third', f ~ '__is_swapped' -%}

    {%- set iso = '^[0-9]{4}-[0-9]{2}-[0-9]{2}' -%}
    {%- set clean_rules = dbt_dedup.case_lines([
        'when ' ~ dbt_dedup.matches_pattern(folded, iso ~ '([t ]+[0-9]{1,2}:[0-9:.,]+ ?(z|utc|gmt|[+-][0-9:]+)?)?$')
            ~ '\n    then left(' ~ folded ~ ', 10)',
        'when ' ~ dbt_dedup.matches_pattern(folded, '[^0-9/. -]| [0-9]{1,2}[.][0-9]{2}[.][0-9]{2}$')
            ~ '\n    then trim(' ~ dbt_dedup.replace_patterns(folded, dbt_dedup._date_text_rules()) ~ ')',
    ], folded) -%}

    {#- a number alone, perhaps with decimals where a column of numbers held it -#}
    {%- set whole_rules = dbt_dedup.case_lines([
        'when ' ~ dbt_dedup.matches_pattern(clean, '^-?[0-9]{' ~ ('1' if field.excel_days else '5') ~ ',17}([.,][0-9]*)?$')
            ~ '\n    then ' ~ dbt_dedup.extract_pattern(clean, '^-?[0-9]+'),
    ]) -%}
    {#- signs that no date has count like letters: the text is no date then -#}
    {%- set letter_rules = dbt_dedup.case_lines([
        'when ' ~ dbt_dedup.matches_pattern(clean, '[^0-9/. -]')
            ~ '\n    then trim(' ~ dbt_dedup.replace_pattern(clean, '[^\\p{L}@#+%$€£:;=*&<>~^|]+', ' ') ~ ')',
    ], "''") -%}
    {%- set months = ['when ' ~ letters ~ " = '' then null"] -%}
    {%- for names in dbt_dedup._date_words().months -%}
        {%- do months.append('when ' ~ letters ~ ' in (' ~ dbt_dedup._quoted_lines(names) ~ ") then '" ~ '%02d' % loop.index ~ "'") -%}
    {%- endfor -%}

    {%- set year_first = '^(1[89]|20|21)[0-9]{2}(0[0-9]|1[0-2])([0-2][0-9]|3[01])' -%}
    {%- set number_rules = dbt_dedup.case_lines([
        'when ' ~ f ~ '__counted_days is not null\n    then cast(cast('
            ~ dbt.dateadd('day', f ~ '__counted_days', "cast('1970-01-01' as date)") ~ ' as date) as ' ~ dbt_dedup.text_type() ~ ')',
        'when ' ~ dbt_dedup.matches_pattern(whole, year_first ~ '([0-9]{4}|[0-9]{6,})?$')
            ~ '\n    then left(' ~ whole ~ ", 4) || '-' || substr(" ~ whole ~ ", 5, 2) || '-' || substr(" ~ whole ~ ', 7, 2)',
        'when ' ~ dbt_dedup.matches_pattern(whole, '^[0-9]{8}$')
            ~ '\n    then left(' ~ whole ~ ", 2) || '-' || substr(" ~ whole ~ ", 3, 2) || '-' || right(" ~ whole ~ ', 4)',
        'when ' ~ dbt_dedup.matches_pattern(clean, iso ~ '$') ~ ' then ' ~ clean,
    ], "trim(both '-' from " ~ dbt_dedup.replace_pattern(clean, '[^0-9]+', '-') ~ ')') -%}

    {%- set century = dbt_dedup.case_lines(
        ['when length(' ~ f ~ "__year) <> 2 then ''", 'when ' ~ f ~ "__year >= '69' then '19'"], "'20'"
    ) -%}
    {{- return([
        {'folded': dbt_dedup.fold_text(f ~ '__original')},
        {'clean': clean_rules},
        {'whole_number': whole_rules, 'letters': letter_rules},
        {'counted_days': dbt_dedup._counted_days(field, whole), 'month_number': dbt_dedup.case_lines(months)},
        {'numbers': number_rules},
        {'ordered': dbt_dedup._date_order_rules(field)},
        {
            'year': 'split_part(' ~ ordered ~ ", '-', 1)",
            'second': 'split_part(' ~ ordered ~ ", '-', 2)",
            'third': 'split_part(' ~ ordered ~ ", '-', 3)",
        },
        {'is_swapped': 'length(' ~ second ~ ') = 2 and ' ~ second ~ " > '12' and lpad(" ~ third ~ ", 2, '0') between '01' and '12'"},
        {
            'month': dbt_dedup.case_lines(['when ' ~ is_swapped ~ ' then ' ~ third], second),
            'day': dbt_dedup.case_lines(['when ' ~ is_swapped ~ ' then ' ~ second], third),
        },
        {'date': dbt_dedup.parse_iso_date(
            '(' ~ century ~ '\n|| ' ~ f ~ "__year || '-' || " ~ f ~ "__month || '-' || " ~ f ~ '__day)'
        )},
    ]) -}}
{% endmacro %}
