"""Sentences of invented reports, from which articles of any length are made."""

from random import Random

SENTENCES = {
    "en": (
        "The district attorney of Example County announced a new policy on bail on Monday.",
        "Line prosecutors will no longer request money bail for people accused of shoplifting.",
        "The memo, eleven pages long, lists the charges to which the policy applies.",
        "Judges remain free to set conditions of release, and several said that they would.",
        "A union of police officers called the step premature and asked for a public hearing.",
        "Public defenders welcomed it, but said that the office should publish monthly figures.",
        "According to court data, 412 people waited for trial in the county jail in March.",
        "Half of them had been held for more than thirty days because they could not pay.",
        "The office created a unit of four lawyers that reviews old convictions.",
        "So far the unit has asked a court to vacate two of them, both from the nineties.",
        "The county council will discuss the budget of the office in its session of October.",
        "A spokesman said that the number of declined cases would be reported every quarter.",
        "Residents at a meeting in the library asked how victims would be informed.",
        "The candidate had promised the change in a questionnaire before the primary election.",
        "Her predecessor had defended the old practice as a matter of public safety.",
        "An analysis by a university found no effect on the share of people who appeared in court.",
    ),
    "es": (
        "La fiscal del condado de Ejemplo anunció el lunes una nueva política sobre la fianza.",
        "Los fiscales dejarán de pedir dinero a quienes estén acusados de hurtos menores.",
        "El memorando, de once páginas, enumera los delitos a los que se aplica la medida.",
        "Los jueces conservan la facultad de fijar condiciones, y varios dijeron que lo harían.",
        "El sindicato de la policía calificó el paso de apresurado y pidió una audiencia pública.",
        "Los defensores públicos lo celebraron, aunque reclamaron cifras de cada mes.",
        "Según datos de los tribunales, 412 personas esperaban juicio en la cárcel en marzo.",
        "La mitad llevaba más de treinta días detenida porque no podía pagar.",
        "La oficina creó un equipo de cuatro abogados que revisa condenas antiguas.",
        "Hasta ahora ha solicitado la anulación de dos de ellas, ambas de los años noventa.",
        "El consejo del condado tratará el presupuesto de la fiscalía en octubre.",
        "Un portavoz afirmó que cada trimestre se informará de los casos archivados.",
        "La candidata había prometido el cambio en un cuestionario antes de las primarias.",
        "Un estudio universitario no halló efecto alguno en la asistencia a las audiencias.",
    ),
    "fr": (
        "La procureure du comté d'Exemple a annoncé lundi une nouvelle règle sur les cautions.",
        "Les magistrats du parquet ne demanderont plus d'argent pour les petits vols.",
        "La note de onze pages énumère les infractions auxquelles la règle s'applique.",
        "Les juges restent libres de fixer des conditions, et plusieurs entendent le faire.",
        "Un syndicat de police a jugé la mesure prématurée et réclame un débat public.",
        "Les avocats commis d'office s'en félicitent mais veulent des chiffres mensuels.",
        "D'après le tribunal, 412 personnes attendaient leur procès en prison au mois de mars.",
        "La moitié d'entre elles y étaient depuis plus de trente jours faute de pouvoir payer.",
        "Le parquet a créé une équipe de quatre juristes qui réexamine d'anciennes condamnations.",
        "Le conseil du comté discutera du budget du parquet lors de sa session d'octobre.",
        "La candidate avait promis ce changement avant l'élection primaire.",
    ),
    "de": (
        "Die Staatsanwältin des Bezirks Beispiel hat am Montag neue Regeln zur Kaution vorgestellt.",
        "Ihre Behörde wird bei kleinen Diebstählen künftig kein Geld mehr verlangen.",
        "Das elfseitige Papier zählt die Delikte auf, für die das gelten soll.",
        "Den Gerichten bleibt es überlassen, Auflagen zu machen, und mehrere kündigten das an.",
        "Eine Gewerkschaft der Polizei nannte den Schritt verfrüht und fordert eine Anhörung.",
        "Die Pflichtverteidiger begrüßten ihn, wollen aber monatliche Zahlen sehen.",
        "Nach Angaben des Gerichts warteten im März 412 Menschen im Gefängnis auf ihr Verfahren.",
        "Die Hälfte saß dort seit mehr als dreißig Tagen, weil das Geld für die Kaution fehlte.",
        "Vier Juristen der Behörde überprüfen seit dem Sommer alte Verurteilungen.",
        "Der Kreistag berät im Oktober über den Haushalt der Staatsanwaltschaft.",
        "Im Wahlkampf hatte sie die Änderung in einem Fragebogen versprochen.",
    ),
    "pt": (
        "A procuradora do condado de Exemplo anunciou na segunda-feira novas regras de fiança.",
        "O gabinete deixará de pedir dinheiro a quem for acusado de pequenos furtos.",
        "O memorando de onze páginas enumera os crimes a que a regra se aplica.",
        "Os juízes continuam livres para impor condições, e vários disseram que o farão.",
        "Um sindicato da polícia considerou a medida precipitada e pediu uma audiência pública.",
        "Segundo o tribunal, 412 pessoas aguardavam julgamento na prisão em março.",
        "Metade delas estava detida há mais de trinta dias por não poder pagar.",
        "O conselho do condado discutirá o orçamento do gabinete em outubro.",
    ),
    "it": (
        "La procuratrice della contea di Esempio ha annunciato lunedì nuove regole sulla cauzione.",
        "L'ufficio smetterà di chiedere denaro a chi è accusato di piccoli furti.",
        "La nota di undici pagine elenca i reati ai quali si applica la regola.",
        "I giudici restano liberi di fissare condizioni, e diversi hanno detto che lo faranno.",
        "Un sindacato di polizia ha definito il passo prematuro e chiede un'audizione pubblica.",
        "Secondo il tribunale, a marzo 412 persone aspettavano il processo in carcere.",
        "La metà vi si trovava da oltre trenta giorni perché non poteva pagare.",
        "Il consiglio della contea discuterà il bilancio dell'ufficio in ottobre.",
    ),
}


def article(lang: str, random: Random, sentences: int) -> list[str]:
    """Return paragraphs of so many sentences in all, two or three to a paragraph."""
    pool = list(SENTENCES[lang])
    random.shuffle(pool)
    chosen = [pool[number % len(pool)] for number in range(sentences)]
    paragraphs = []
    while chosen:
        size = random.choice((2, 3))
        paragraphs.append(" ".join(chosen[:size]))
        chosen = chosen[size:]
    return paragraphs
