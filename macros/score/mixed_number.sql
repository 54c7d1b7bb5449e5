{#
    A whole number from 0 to 2,147,483,646 that follows from another one (from 0 to 10^13) without a pattern anyone would meet:
    a step of the generator of Park and Miller (Communications of the ACM 31, 1988), squared modulo the same prime.
#}
{% macro mixed_number(number) %}
    {%- set step = '((cast(' ~ number ~ ' as bigint) % 2147483647) * 48271 % 2147483647)' -%}
    {{- return('((' ~ step ~ ' * ' ~ step ~ ' + ' ~ step ~ ') % 2147483647)') -}}
{% endmacro %}
