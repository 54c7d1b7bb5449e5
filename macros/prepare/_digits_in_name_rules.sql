{# Patterns for a folded name of a person (see replace_patterns) that read digits as the letters that they look like: `J0hn`. #}
{% macro _digits_in_name_rules() %}
    {{- return([
        ['([a-z])0([a-z])', '\\1o\\2'], ['\\b0([a-z]{2})', 'o\\1'], ['([a-z])11([a-z])', '\\1ll\\2'],
        ['([aeiouy])1([a-z])', '\\1l\\2'], ['([b-df-hj-np-tv-xz])1([a-z])', '\\1i\\2'],
    ]) -}}
{% endmacro %}
