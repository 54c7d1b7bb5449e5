{#
    The steps from a text to a date: __clean (digits, separators and the name of a month), __numbers (joined by hyphens),
    __ordered (year-month-day as they are read; a part that is not there is empty) and __date.
#}
{% macro _date_steps(field) %}
    {%- set f = field.name -%}
    {%- set orders = ['mdy', 'dmy'] -%}
    {%- if field.date_order not in orders -%}
        {{- dbt_dedup.spec_error(field.entity, 'fields.' ~ f ~ '.date_order', field.date_order, orders) -}}
    {%- endif -%}
    {%- set folded, clean, numbers, letters, month = f ~ '__folded', f ~ '__clean', f ~ '__numbers', f ~ '__letters', f ~ '__month_number' -%}
    {%- set ordered, swapped = f ~ '__ordered', f ~ '__is_swapped' -%}
    {%- set text_type = dbt_dedup.text_type() -%}
    {%- set words = dbt_dedup._date_words() -%}

    {%- set plain = '^[0-9]{4}-[0-9]{2}-[0-9]{2}' -%}
    {%- set time = '([t ]+[0-9]{1,2}:[0-9:.,]+ ?(z|utc|gmt|[+-][0-9:]+)?)?$' -%}
    {%- set clean_rules = dbt_dedup.case_lines(
        [
            'when ' ~ dbt_dedup.matches_pattern(folded, plain ~ time) ~ ' then left(' ~ folded ~ ', 10)',
            'when ' ~ dbt_dedup.matches_pattern(folded, '[^0-9/. -]')
                ~ '\n    then trim(' ~ dbt_dedup.replace_patterns(folded, dbt_dedup._date_text_rules()) ~ ')',
        ],
        folded
    ) -%}

    {#- a number alone: YYYYMMDD and a time, day and month before the year, or days and seconds that a machine counted -#}
    {%- set year, month_and_day = '(1[89]|20|21)[0-9]{2}', '(0[0-9]|1[0-2])([0-2][0-9]|3[01])' -%}
    {%- set whole = f ~ '__whole_number' -%}
    {%- set days_in = dbt_dedup._counted_days(field, whole) -%}
    {%- set as_number = 'split_part(translate(' ~ clean ~ ", ',', '.'), '.', 1)" -%}
    {%- set whole_rules = dbt_dedup.case_lines([
        'when ' ~ dbt_dedup.matches_pattern(clean, '^-?[0-9]{' ~ ('1' if field.excel_days else '5') ~ ',17}([.,][0-9]*)?$') ~ ' then ' ~ as_number,
    ]) -%}
    {%- set letter_rules = dbt_dedup.case_lines([
        'when ' ~ dbt_dedup.matches_pattern(clean, '[^0-9/. -]')
            ~ '\n    then trim(' ~ dbt_dedup.replace_pattern(clean, '[^\\p{L}@#+%$€£:;=*&<>~^|]+', ' ') ~ ')',
    ], "''") -%}
    {%- set number_rules = dbt_dedup.case_lines([
        'when ' ~ f ~ '__counted_days is not null\n    then cast(cast('
            ~ dbt.dateadd('day', f ~ '__counted_days', "cast('1970-01-01' as date)") ~ ' as date) as ' ~ text_type ~ ')',
        'when ' ~ dbt_dedup.matches_pattern(whole, '^' ~ year ~ month_and_day ~ '([01][0-9]|2[0-3])?([0-5][0-9]){0,2}[0-9]*$')
            ~ '\n    then left(' ~ whole ~ ", 4) || '-' || substr(" ~ whole ~ ", 5, 2) || '-' || substr(" ~ whole ~ ', 7, 2)',
        'when ' ~ dbt_dedup.matches_pattern(whole, '^[0-9]{8}$')
            ~ '\n    then left(' ~ whole ~ ", 2) || '-' || substr(" ~ whole ~ ", 3, 2) || '-' || right(" ~ whole ~ ', 4)',
        'when ' ~ dbt_dedup.matches_pattern(clean, plain ~ '$') ~ ' then ' ~ clean,
    ], "trim(both '-' from " ~ dbt_dedup.replace_pattern(clean, '[^0-9]+', '-') ~ ')') -%}

    {%- set months = [] -%}
    {%- for names in words.months -%}
        {%- do months.append('when ' ~ letters ~ " in ('" ~ names.split(' ') | join("', '") ~ "') then '" ~ '%02d' % loop.index ~ "'") -%}
    {%- endfor -%}

    {%- set n1, n2, n3 = 'split_part(' ~ numbers ~ ", '-', 1)", 'split_part(' ~ numbers ~ ", '-', 2)", 'split_part(' ~ numbers ~ ", '-', 3)" -%}
    {%- set no_letters = letters ~ " in ('', 'x', 'xx', 'xx xx', 'xxxx', 'dd', 'mm')" -%}
    {%- set year_only, month_only = '(1[89]|20)[0-9]{2}', '(0?[0-9]|1[0-2])' -%}
    {%- set year_last = n3 ~ " || '-' || " ~ (n1 if field.date_order == 'mdy' else n2) ~ " || '-' || " ~ (n2 if field.date_order == 'mdy' else n1) -%}
    {%- set order_rules = dbt_dedup.case_lines([
        'when ' ~ letters ~ " = '' and " ~ dbt_dedup.matches_pattern(numbers, '^([0-9]{4}|3[2-9]|[4-9][0-9])-[0-9]{1,2}-[0-9]{1,2}$')
            ~ ' then ' ~ numbers,
        'when ' ~ letters ~ " = '' and " ~ dbt_dedup.matches_pattern(numbers, '^[0-9]{1,2}-[0-9]{1,2}-([0-9]{2}|[0-9]{4})$')
            ~ '\n    then ' ~ year_last,
        'when ' ~ month ~ ' is not null and ' ~ dbt_dedup.matches_pattern(numbers, '^([0-9]{4}|3[2-9]|[4-9][0-9])-[0-9]{1,2}$')
            ~ '\n    then ' ~ n1 ~ " || '-' || " ~ month ~ " || '-' || " ~ n2,
        'when ' ~ month ~ ' is not null and ' ~ dbt_dedup.matches_pattern(numbers, '^[0-9]{1,2}-([0-9]{2}|[0-9]{4})$')
            ~ '\n    then ' ~ n2 ~ " || '-' || " ~ month ~ " || '-' || " ~ n1,
        'when ' ~ month ~ ' is not null and ' ~ dbt_dedup.matches_pattern(numbers, '^([0-9]{1,2}|[0-9]{4})$')
            ~ ' then ' ~ numbers ~ " || '-' || " ~ month ~ " || '-'",
        'when ' ~ no_letters ~ ' and ' ~ dbt_dedup.matches_pattern(numbers, '^' ~ year_only ~ '(-' ~ month_only ~ ')?$')
            ~ '\n    then ' ~ n1 ~ " || '-' || " ~ n2 ~ " || '-'",
        'when ' ~ no_letters ~ ' and ' ~ dbt_dedup.matches_pattern(numbers, '^' ~ month_only ~ '-' ~ year_only ~ '$')
            ~ '\n    then ' ~ n2 ~ " || '-' || " ~ n1 ~ " || '-'",
        'when ' ~ letters ~ " in ('" ~ words.periods.split(' ') | join("', '") ~ "') and "
            ~ dbt_dedup.matches_pattern(numbers, '^([1-4]-)?([0-9]{2}|' ~ year_only ~ ')(-[1-4])?$') ~ " then '" ~ "0--'",
    ]) -%}

    {%- set month_part, day_part = f ~ '__second', f ~ '__third' -%}
    {%- set century = dbt_dedup.case_lines([
        'when length(' ~ f ~ "__year) <> 2 then ''",
        'when ' ~ f ~ "__year >= '69' then '19'",
    ], "'20'") -%}
    {{- return([
        {'folded': dbt_dedup.fold_text(f ~ '__original')},
        {'clean': clean_rules},
        {'whole_number': whole_rules, 'letters': letter_rules},
        {'counted_days': days_in, 'month_number': dbt_dedup.case_lines(months)},
        {'numbers': number_rules},
        {'ordered': order_rules},
        {
            'year': 'split_part(' ~ ordered ~ ", '-', 1)",
            'second': 'split_part(' ~ ordered ~ ", '-', 2)",
            'third': 'split_part(' ~ ordered ~ ", '-', 3)",
        },
        {'is_swapped': 'length(' ~ month_part ~ ') = 2 and ' ~ month_part ~ " > '12' and lpad(" ~ day_part ~ ", 2, '0') between '01' and '12'"},
        {
            'month': dbt_dedup.case_lines(['when ' ~ swapped ~ ' then ' ~ day_part], month_part),
            'day': dbt_dedup.case_lines(['when ' ~ swapped ~ ' then ' ~ month_part], day_part),
        },
        {'date': dbt_dedup.parse_iso_date(
            century ~ '\n|| ' ~ f ~ "__year || '-' || " ~ f ~ "__month || '-' || " ~ f ~ '__day'
        )},
    ]) -}}
{% endmacro %}
