{# Patterns for a folded name (see replace_patterns) that write a sign between two names as a word: `harold & june`. #}
{% macro _people_rules() %}
    {{- return([['([\\p{L}.)]) *[&+] *(\\p{L})', '\\1 and \\2'], ['([\\p{L}.)]) u[.] (\\p{L})', '\\1 and \\2']]) -}}
{% endmacro %}
