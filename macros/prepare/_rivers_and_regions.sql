{# Rivers and regions behind the name of a German city, as alternatives of a regular expression. #}
{% macro _rivers_and_regions() %}
    {{- return(dbt_dedup._long_pattern([
        'main|oder|saale|rhein|neckar',
        '|donau|inn|isar|elbe|weser|aller|spree|ruhr|mosel|lahn|fulda|werra|leine|havel|iller|lech|ilm',
        '|tauber|nahe|glan|weinstrasse|bergstrasse|breisgau|allgau|taunus|odenwald|harz|schwarzwald|westfalen|westf|holstein|holst',
        '|sachsen|oberbayern|vogtland|erzgebirge|rubenberge|hohe',
    ])) -}}
{% endmacro %}
