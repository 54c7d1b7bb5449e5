{#
    How many digits the postcodes of a country have, for countries whose codes are digits alone: {digits: [ISO 3166 codes]}.
    `with_zero` are those where codes begin with a zero, which a spreadsheet or a column of numbers drops.
#}
{% macro _postcode_digits() %}
    {{- return({
        'with_zero': {
            4: ['AU', 'DK', 'NO', 'NZ', 'ZA'],
            5: ['DE', 'ES', 'FI', 'FR', 'IT', 'KR', 'LT', 'MX', 'MY', 'PL', 'TR', 'UA', 'US'],
            6: ['CN', 'CO', 'KZ', 'RO', 'SG'],
            7: ['JP'],
            8: ['BR'],
        },
        'without_zero': {
            4: ['AT', 'BE', 'BG', 'CH', 'HU', 'LU', 'SI'],
            5: ['CZ', 'EE', 'GR', 'HR', 'RS', 'SE', 'SK', 'TH'],
            6: ['BY', 'IN', 'RU', 'VN'],
        },
    }) -}}
{% endmacro %}
