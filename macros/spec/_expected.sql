{# What a value of this kind has to be, in the words of a message: a text, or the list of names it may be. #}
{% macro _expected(rule, keys) %}
    {%- if rule.is == 'choice' -%}{{- return(rule.of) -}}{%- endif -%}
    {%- if rule.is == 'mapping' -%}{{- return('a mapping with some of ' ~ (keys | join(', '))) -}}{%- endif -%}
    {%- set shortest = 'a name of lower-case letters, digits and underscores' -%}
    {%- set words = {
        'name': shortest,
        'type': shortest ~ ', such as email',
        'table': 'the name of a model or seed',
        'table or source': 'the name of a model, seed or snapshot, or [source, table]',
        'column': 'the name of a column of the input',
        'columns': 'the name of a column of the input, or a list of different ones',
        'sources': 'a list of sources, each once',
        'folder': 'a folder inside the project, such as dedup_models',
        'text': 'a text',
        'sql': 'SQL as a text, without Jinja',
        'boolean': 'true or false',
        'share': 'a number from 0 to 1',
        'number': 'a number from ' ~ rule.from,
        'whole number': 'a whole number from ' ~ rule.from,
        'bound': 'a number or a date',
        'direction': '1, 0 or -1',
        'country': 'an ISO 3166 code of two letters such as US, GB or DE, or a column of them: {column: country}',
        'fields': 'a mapping of field names to {type: ...}',
        'rules': 'a list of rules, each a list of keys such as [email]',
        'list': 'a list of mappings with name and sql (over l.<column> and r.<column>)',
    } -%}
    {{- return(words[rule.is] ~ (' or auto' if rule.auto else '')) -}}
{% endmacro %}
