{#
    A digest of the original values of the two records of a pair (`l` and `r`), the same whichever side a record is on. Two
    equal digests mean that the input still says of both what it said before.
#}
{% macro input_digest(spec) %}
    {%- set sides = {'l': [], 'r': []} -%}
    {%- for side, values in sides.items() -%}
        {%- for field in spec.fields -%}
            {%- do values.append("coalesce(" ~ side ~ "." ~ field.name ~ "__original, chr(30))") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set l, r = "md5(concat_ws(chr(31), " ~ (sides.l | join(', ')) ~ "))", "md5(concat_ws(chr(31), " ~ (sides.r | join(', ')) ~ "))" -%}
    {{- return("md5(least(" ~ l ~ ", " ~ r ~ ") || greatest(" ~ l ~ ", " ~ r ~ "))") -}}
{% endmacro %}
