{#
    The characters of Windows-1252 from byte 128 to 159, in order. Five bytes stand for nothing there; programs read them as the
    control characters of the same number.
#}
{% macro _duckdb_windows_letters() %}
    {{- return('€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ') -}}
{% endmacro %}
