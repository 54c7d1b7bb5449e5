{#
    Steps (see prepare_field) that write a host name such as `xn--mller-kva.de` as `muller.de`: one column `host` in, one column
    `result` out. They decode one letter outside ASCII in one label, by the arithmetic of Punycode (RFC 3492) with the
    thresholds of a first insertion: 1, 1 and 26. A label with more such letters keeps its Punycode.
#}
{% macro punycode_steps(field_name, host, result) %}
    {%- set f = field_name -%}
    {%- set digit_values = [] -%}
    {%- for place in [1, 2, 3] -%}
        {%- set digit = 'substr(' ~ f ~ '__delta_digits, ' ~ place ~ ', 1)' -%}
        {%- do digit_values.append(
            '(' ~ dbt_dedup.place_of(digit, "'abcdefghijklmnopqrstuvwxyz0123456789'") ~ ' - 1) * ' ~ 35 ** (place - 1)
        ) -%}
    {%- endfor -%}
    {%- set places = '(length(' ~ f ~ '__ascii_letters) + 1)' -%}
    {{- return([
        {'punycode': dbt_dedup.extract_pattern(f ~ '__' ~ host, 'xn--([a-z0-9-]+)', 1)},
        {
            'ascii_letters': 'coalesce(' ~ dbt_dedup.extract_pattern(f ~ '__punycode', '^(.+)-[a-z0-9]+$', 1) ~ ", '')",
            'delta_digits': dbt_dedup.extract_pattern(f ~ '__punycode', '(^|-)([b-z0-9]([b-z0-9][a-z]|a))$', 2),
        },
        {'delta': digit_values | join('\n+ ')},
        {
            'decoded_letter': 'chr(cast(128 + floor(' ~ f ~ '__delta / ' ~ places ~ ') as integer))',
            'letters_before': 'cast(mod(' ~ f ~ '__delta, ' ~ places ~ ') as integer)',
        },
        {'folded_letter': dbt_dedup.fold_text(f ~ '__decoded_letter')},
        {result: dbt_dedup.case_lines([
            'when ' ~ f ~ '__delta_digits is not null\n    then replace(\n        ' ~ f ~ '__' ~ host ~ ",\n        'xn--' || "
                ~ f ~ '__punycode,\n        left(' ~ f ~ '__ascii_letters, ' ~ f ~ '__letters_before) || ' ~ f
                ~ '__folded_letter\n        || substr(' ~ f ~ '__ascii_letters, ' ~ f ~ '__letters_before + 1)\n    )',
        ], f ~ '__' ~ host)},
    ]) -}}
{% endmacro %}
