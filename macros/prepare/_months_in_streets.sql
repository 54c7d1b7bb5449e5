{#
    Names of months as alternatives of a regular expression, by what may stand around them in the name of a street: `with_year`
    (`8 mai 1945`), `after_de` (`25 de Março`; four digits behind are a house number) and `first` (`3 Maja 5`, where the date
    may begin the address). English months are not listed: streets are called after people and flowers of that name.
#}
{% macro _months_in_streets() %}
    {{- return({
        'with_year': dbt_dedup._long_pattern([
            'janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre',
            '|januar|februar|marz|maerz|april|juni|juli|august|september|oktober|november|dezember',
            '|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre',
        ]),
        'after_de': dbt_dedup._long_pattern([
            'enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre',
            '|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro',
        ]),
        'first': dbt_dedup._long_pattern([
            'stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrzesnia|pazdziernika|listopada|grudnia',
            '|ledna|unora|brezna|dubna|kvetna|cervna|cervence|srpna|zari|rijna|listopadu|prosince',
            '|ocak|subat|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik',
            '|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря',
        ]),
    }) -}}
{% endmacro %}
