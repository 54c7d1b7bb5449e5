{#
    The words of dates in English, German, French, Spanish, Italian, Portuguese and Dutch, without diacritics: `months` (the words
    for each month, from January), `weekdays` (patterns), `short_weekdays` (patterns of what begins a date) and `periods` of a
    year.
#}
{% macro _date_words() %}
    {{- return({
        'months': [
            'jan january januar janner jaenner janvier janv januari enero ene gennaio genn gen janeiro i',
            'feb february februar feber febr fevrier fevr fev februari febrero febbraio febb fevereiro ii',
            'mar march marz maerz mrz mars marzo marco maart mrt iii',
            'apr april avril avr abril abr aprile iv',
            'may mai mayo maggio magg mag maio mei v',
            'jun june juni juin junio giugno giu junho vi',
            'jul july juli juillet juil julio luglio lug julho vii',
            'aug august augustus aout aou agosto ago ag viii',
            'sep sept september septembre septiembre setiembre settembre sett set setembro ix',
            'oct october oktober okt octobre octubre ottobre ott outubro out',
            'nov november novembre noviembre novembro xi',
            'dec december dezember dez decembre diciembre dic dicembre dezembro xii',
        ],
        'weekdays': [
            '(mon|tues|wednes|thurs|fri|satur|sun)day|(mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend',
            '(maan|dins|woens|donder|vrij|zater|zon)dag|(lun|mar|mercre|jeu|vendre|same)di|dimanche',
            'lunes|martes|miercoles|jueves|viernes|sabado|domingo|(lune|marte|mercole|giove|vener)di|sabato|domenica',
            '(segunda|terca|quarta|quinta|sexta)([ -]feira)?',
        ],
        'short_weekdays': [
            'mon|tues?|wed|thu|thurs?|fri|sat|sun|mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo',
            'lun|mer|jeu|ven|sam|dim|mie|jue|vie|dom|gio|sab|seg|ter|qua|qui|sex',
        ],
        'periods': 'q quarter quartal trimestre trim spring summer autumn fall winter',
    }) -}}
{% endmacro %}
