{#
    A pattern for a joined postcode (`d80331`) with a country, or a state of the USA, in front; its five groups are the code
    alone. Letters that belong to a code, as in `sw1a1aa` and in Malta's `vlt1117`, do not match.
#}
{% macro _country_before_postcode() %}
    {{- return(dbt_dedup._long_pattern([
        '^(?:(?:[a-z]{2}|[abdefhilnpsv]',
        '|aut|bel|che|cze|deu|ger|dnk|esp|fin|fra|hrv|hun|ita|lux|nor|pol|prt|rou|svk|svn|swe|tur',
        '|ukr|usa)([0-9]{4,10})|nl([1-9][0-9]{3}[a-z]{2})|(?:gb|uk|gbr)([a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2})',
        '|(?:ca|can)([a-z][0-9][a-z][0-9][a-z][0-9])|(?:ie|irl)([a-z][0-9][0-9w][a-z0-9]{4}))$',
    ])) -}}
{% endmacro %}
