{#
    SQL about two values of a field: a text of a type (`variant`, `lesser` in prepare_field) with columns in place of {0} and {1},
    and in place of {short} and {long} whether the first is a short form of the second, and the other way round.
#}
{% macro _of_pair(text, l, r, field_name=none) %}
    {{- return(
        text | replace('{0}', '{left}') | replace('{1}', r) | replace('{left}', l)
        | replace('{short}', (field_name or '') ~ '__short.short_form is not null')
        | replace('{long}', (field_name or '') ~ '__long.short_form is not null')
    ) -}}
{% endmacro %}
