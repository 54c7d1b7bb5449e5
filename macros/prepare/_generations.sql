{#
    The words, as one pattern, that tell the generations of one name apart. `vth` stands for `5th`: `v` is an initial more often.
#}
{% macro _generations() %}
    {{- return('jr|jnr|junior|sr|snr|senior|ii|iii|iv|vth') -}}
{% endmacro %}
