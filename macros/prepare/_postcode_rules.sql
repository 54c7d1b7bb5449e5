{#
    Patterns for a folded text (see replace_patterns) that leave the postcode of it: a number without its fraction, a code without
    the word for it, `cedex` or a town.
#}
{% macro _postcode_rules() %}
    {{- return([
        ['^([0-9]+)[.,]0+$', '\\1'],
        ['^(?:zip(?: ?code)?|plz|cap|cep|cp|c[.]p[.]|post ?code|code postal|postleitzahl|postnr|psc|pin(?: ?code)?)[ .:#-]+', ''],
        ['[, ]+(?:uk|u[.] ?k[.]|gb|england|scotland|wales|usa)$', ''],
        ['^(?:nsw|vic|qld|tas|act|nt|wa|sa|on|qc|bc|ab|mb|sk|ns|nb|nl|pe|yt|nu)[ ,]+([0-9]{4}|[a-z].[a-z][ -]?.[a-z].)$', '\\1'],
        [' *cedex.*$', ''],
        ['^([0-9]{3}) ([0-9]{2})[ ,]+\\p{L}{3}.*$', '\\1\\2'],
        ['^([a-z]{0,3}[ -]?[0-9]{3,6}(?:[ -][0-9]{3,4})?(?: ?[a-z]{2})?)[ ,]+\\p{L}{3}.*$', '\\1'],
        [dbt_dedup._long_pattern([
            '^\\p{L}{3}[\\p{L} .,\\x27-]*\\p{L}[ ,-]+([0-9]{3} ?[0-9]{3}|[0-9]{4,6}(?:-[0-9]{4})?',
            '|[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}|[a-z][0-9][a-z] ?[0-9][a-z][0-9])$',
        ]), '\\1'],
        ['[ -]+$', ''],
    ]) -}}
{% endmacro %}
