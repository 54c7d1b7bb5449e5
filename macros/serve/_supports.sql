{#
    SQL of whether a value of another field supports a value: a name of three letters or more is in the local part of the
    e-mail address, word by word for the first and the last word.
#}
{% macro _supports(value, other, type) %}
    {%- set name, email = (other, value) if type == 'email' else (value, other) -%}
    {%- set local = "split_part(" ~ email ~ ", '@', 1)" -%}
    {{- return(
        "length(" ~ name ~ ") >= 3\nand " ~ local ~ "\n    like '%' || replace(" ~ name ~ ", ' ', '%') || '%'"
    ) -}}
{% endmacro %}
