{#
    Patterns for a folded text (see replace_patterns) that leave the postcode of it: a number without its fraction, a code without
    the word for it, `cedex` or a town.
#}
{% macro _postcode_rules() %}
    {{- return([
        ['^([0-9]+)[.,]0+$', '\\1'],
        ['^(?:zip(?: ?code)?|plz|cap|cep|cp|c[.]p[.]|post ?code|code postal|postleitzahl|postnr|psc)[ .:#]+', ''],
        [' *cedex.*$', ''],
        ['^([0-9]{3}) ([0-9]{2})[ ,]+\\p{L}{3}.*$', '\\1\\2'],
        ['^([a-z]{0,3}[ -]?[0-9]{3,6}(?:[ -][0-9]{3,4})?(?: ?[a-z]{2})?)[ ,]+\\p{L}{3}.*$', '\\1'],
        ['^\\p{L}{4}[\\p{L} .-]*[ ,]([0-9]{4,6})$', '\\1'],
        ['[ -]+$', ''],
    ]) -}}
{% endmacro %}
