{# The degrees, as one pattern, that are no names, so that no comma must stand before them. #}
{% macro _degrees() %}
    {{- return([
        'ph[.]? ?d', 'd[.]?d[.]?s|b[.]?d[.]?s|dmd|dvm|edd|psyd|pharmd|dsc|scd|mbbs|m[.]?b[.]?a|mph|msn|bsn|lcsw|llb|ll[.][bmd]|ll[md]',
        '[mb][.]? ?sc|[bm][.](eng|ed|tech|phil|pharm|com|arch)|[bm]tech|bcom|[md]phil|mres', 'cpa|esq|esquire|obe|mbe|cbe|frc[sp]',
        'dipl[.]?[ -]?(ing|kfm|kffr|inf|phys|chem|math|biol|psych|soz|volksw|betriebsw|oec|hdl|geol|geogr)'
    ] | join('|')) -}}
{% endmacro %}
