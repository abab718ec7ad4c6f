"""Words and marks by which pages that stand in for a source are known, in several languages.

All words are folded (lower case, straight quotes) and matched as they stand. A sign by itself
decides nothing: `verdicts` says where it must stand and how much else may stand beside it.
"""

import re
from collections.abc import Iterable

from django.utils.regex_helper import _lazy_re_compile


def _any(*patterns: str) -> re.Pattern[str]:
    # Compiled when first asked for: these are long, and most processes never read a page.
    return _lazy_re_compile("|".join(f"(?:{pattern})" for pattern in patterns))


def found(sign: re.Pattern[str], texts: Iterable[str]) -> bool:
    """Tell whether any of these texts has the sign."""
    return any(sign.search(text) for text in texts)


def _near(things: str, states: str, *, most: int = 7) -> str:
    """Match a thing and what is said of it in one sentence, in either order, few words apart."""
    between = rf"(?:[^\w.!?\n]+\w[\w'-]*){{0,{most}}}?[^\w.!?\n]+"
    return rf"\b(?:{things})\b{between}(?:{states})|\b(?:{states}){between}(?:{things})\b"


# "This page is not here": in a title, a heading or the first lines.
NOT_HERE = _any(
    r"\b(?:error|http|code|fehler|erreur|errore|erro|código|código de estado)\W{0,3}(?:404|410)\b",
    r"^\W*(?:404|410)\b",
    r"\b404\W+(?:error|not found|page|página|seite|pagina)",
    r"\bpage you(?:'re| are| were|'ve)? (?:\w+ ){0,2}(?:requested|looking for|followed|trying|tried|after)",
    r"\b(?:page|file|document|article|story|record|nothing|results?) (?:was |were |is |could )?not (?:be )?found",
    r"\bfound no (?:page|document|record|story|article|file)|\bnothing (?:was )?found here",
    _near(
        r"(?:web ?)?page|article|story|content|document|file|record|link|address|url|post|what you(?:'re| are)?",
        r"not found|no longer (?:available|exists?|here|online|published|live|on|in)|missing|has gone|is gone|lost"
        r"|(?:was|been|were|is) (?:\w+ )?(?:removed|moved|deleted|taken down|withdrawn|archived|retired|unpublished|renamed)"
        r"|does(?:n't| not) exist|do(?:n't| not) exist|isn't (?:on|in|here|available)|(?:is|are) not (?:here|in our|on our|on this|available)"
        r"|(?:can't|cannot|couldn't|could not|can not) (?:be )?(?:find|found|located?|displayed|opened|shown)|unable to (?:find|locate)"
        r"|unavailable|any longer|not here any ?more",
    ),
    # Spanish
    _near(
        r"página|pagina|contenido|artículo|articulo|documento|archivo|enlace|nota|noticia|(?:lo )?que buscabas?",
        r"no (?:se )?(?:ha(?:n|mos)? |pudimos |pudo |podemos |puede )?(?:sido )?(?:encontr|hall|localiz)\w*|no existe"
        r"|no (?:está|esta|se encuentra)? ?disponible|ya no (?:existe|está|esta|se encuentra)"
        r"|(?:fue|ha sido|se ha|se haya|haya sido) (?:eliminad|borrad|retirad|movid)[oa]|no encontrad[oa]",
    ),
    # French
    _near(
        r"page|article|contenu|document|fichier|lien",
        r"introuvable|inexistante?|n'existe (?:pas|plus)|n'est (?:pas|plus) (?:disponible|accessible|en ligne|là)"
        r"|non trouvée?|indisponible|(?:a|ont) (?:peut-être )?été (?:supprimée?|retirée?|déplacée?)",
    ),
    # German
    _near(
        r"seite|artikel|dokument|inhalt|datei|beitrag",
        r"nicht (?:\w+ )?(?:gefunden|vorhanden|verfügbar|auffindbar)|existiert nicht|gelöscht|entfernt|gibt es (?:\w+ )?nicht"
        r"|verschoben|nicht mehr|umbenannt",
    ),
    r"\bhier ist (?:\w+ )?nichts",
    # Portuguese
    _near(
        r"página|conteúdo|artigo|documento|arquivo|ficheiro|notícia",
        r"não (?:foi )?(?:encontrad[oa]|existe|está (?:mais )?disponível|pôde)|deixou de existir"
        r"|(?:foi|foram) (?:removid|excluíd|apagad|movid)[oa]s?|já não (?:existe|está)",
    ),
    # Italian
    _near(
        r"pagina|contenuto|articolo|documento|file",
        r"non (?:è (?:stat[oa] )?)?(?:trovat[oa]|esiste|disponibile|presente)|non (?:è )?più disponibile|non esiste più"
        r"|è stat[oa] (?:rimoss|spostat|eliminat)[oa]",
    ),
    # Dutch
    _near(r"pagina", r"niet (?:gevonden|beschikbaar)|bestaat niet"),
    # Chinese, Korean, Japanese, Vietnamese, Tagalog
    r"(?:页面|網頁|网页|頁面|文章|内容|內容)\w{0,8}(?:不存在|未找到|找不到|已(?:被)?(?:删除|刪除|移除))",
    r"找不到(?:此|该|該|您|相关)?\w{0,6}(?:页面|網頁|网页|頁面)",
    r"페이지를 찾을 수 없|존재하지 않는 페이지|삭제된 (?:페이지|기사)",
    r"ページ(?:が|は)\w{0,4}見つかりません",
    r"không tìm thấy (?:trang|nội dung)|trang (?:\w+ ){0,4}không (?:tồn tại|tìm thấy)",
    r"hindi (?:nahanap|matagpuan|makita) ang pahina",
)
# The name of a site that nobody uses any more.
PARKED = _any(
    r"\b(?:buy|purchase|acquire|own) (?:this|the) domain",
    r"\bdomain (?:name )?(?:\S+ )?(?:is|may be|could be|might be) (?:for sale|available|parked)",
    r"\b(?:this|the) (?:domain|web ?site|site)(?: name)? (?:is|has been) (?:parked|registered)",
    r"\bdomain (?:has )?expired|\bexpired domain|\bparked (?:free|domain|page)|\bdomain parking",
    r"\b(?:este )?dominio (?:está |esta )?(?:en venta|a la venta|aparcado|caducado|expirado)",
    r"\b(?:nom de )?domaine (?:est )?(?:à vendre|en vente|expiré)",
    r"\bdomain (?:steht zum verkauf|zu verkaufen|ist geparkt)",
    r"\bdomínio (?:está )?à venda|\bdominio in vendita",
)
# Words of pages to log in. They stand in titles of honest pages too, so little may stand beside.
LOGIN = _any(
    r"\b(?:sign|log|logged|signed)[ -]?in\b|\blogin\b|\bpassword\b",
    r"\b(?:iniciar?|inicia|inicie) sesión|\bacceso\b|\bacceder\b|\bcontraseña\b|\bidentifícate",
    r"\b(?:se connecter|connectez-vous|identifiez-vous|connexion|mot de passe)\b",
    r"\b(?:anmelden|einloggen|anmeldung|passwort|kennwort)\b|\bmelden sie sich an",
    r"\b(?:fazer login|entrar?|entre na sua conta|inicie sessão|senha|palavra-passe)\b",
    r"\b(?:accedi|accesso)\b|\b(?:inloggen|wachtwoord)\b",
    r"登录|登錄|登入|로그인|ログイン|đăng nhập",
)
# What tells readers to log in before they may read.
LOGIN_FIRST = _any(
    r"\b(?:must|need to|have to|please|required to)(?: be)?(?: first)? (?:log|sign|logged|signed) ?in\b",
    r"\b(?:log|sign) in (?:first|below|(?:to|and) (?:view|read|see|continue|open|access))\b|\baccount is (?:required|needed)\b",
    r"\b(?:inicia|inicie|iniciar|debe iniciar) sesión (?:para|con)|\bidentifícate para",
    r"\bconnectez-vous pour|\bbitte melden sie sich an|\banmelden, um\b|\binicie sessão para|\baccedi per\b",
)
# What stands between the beginning of an article and its rest.
PAYWALL = _any(
    r"\b(?:subscribe|register|join|become a (?:member|subscriber)|create an account)\b(?: \w+){0,4}"
    r" to (?:keep|continue|read|unlock|finish|see the rest)",
    r"\bto (?:keep|continue|finish) reading\b|\b(?:continue|keep) reading (?:this|with|by|for)",
    r"\bread (?:the )?(?:rest|full (?:article|story)|whole (?:article|story))\b.{0,80}\b(?:subscri|member|join|account)",
    r"\b(?:this|the)(?: \w+){0,3} (?:article|story|content|post|report|page) is"
    r" (?:\w+ ){0,2}(?:for|available to|reserved for|exclusive to|limited to|only for)"
    r"(?: \w+){0,3} (?:subscribers|members|paying)",
    r"\b(?:subscriber|member)s?[- ](?:only|exclusive)|\b(?:for subscribers only|only for (?:subscribers|members))",
    r"\bsubscribers (?:have|get|enjoy) (?:full|unlimited)",
    r"\balready (?:a|an) (?:\w+ )?(?:subscriber|member)|\b(?:last|no more|reached|used)(?: \w+){0,4} free"
    r" (?:articles?|stor(?:y|ies)|limit)|\barticle limit\b",
    r"\b(?:unlock) (?:this|the (?:full|whole|rest))",
    r"\bpara (?:seguir|continuar) leyendo|\b(?:exclusiv[oa]|solo|sólo|únicamente|reservad[oa])"
    r" (?:para )?(?:nuestros )?(?:suscriptores|abonados|socios)",
    r"\bya eres suscriptor|\bcontenido para suscriptores|\bsuscríbe(?:te|se) para (?:seguir|leer|continuar)",
    r"\b(?:réservée?s?|exclusi\w+) (?:à nos |aux |pour (?:les|nos) )abonnés",
    r"\bpour (?:lire la suite|continuer (?:la|votre) lecture)|\bdéjà abonné",
    r"\b(?:weiterlesen|weiter lesen) mit|\b(?:nur|exklusiv) für (?:\w+ )?(?:abonnent|mitglieder)",
    r"\bbereits (?:\w+ )?abonnent|\bmit (?:einem )?abo weiterlesen",
    r"\b(?:conteúdo |matéria )?exclusiv[oa] para assinantes|\bpara continuar (?:a )?lendo|\bjá é assinante",
    r"\bcontenuto (?:\w+ )?(?:riservato|esclusivo)|\briservato agli abbonati|\babbonati per (?:continuare|leggere il)",
    r"订阅后|仅限(?:订阅|会员)|구독자(?:만| 전용)",
)
# What asks for a subscription: by itself, a promotion at the end of an open article.
PROMOTION = _any(
    r"\bsubscribe\b|\bsubscription\b|\bstart your (?:\w+ )?trial\b|\bsuscríbe|\babonnez-vous\b"
    r"|\babonnieren\b|\bassine\b|\babbonati\b"
)
BOT_WALL = _any(
    r"\b(?:verify|verifying|confirm|prove|check|checking)(?: that| if)? (?:you(?:'re| are)?|you may be)"
    r"(?: \w+){0,3} (?:human|robot|bot|person)",
    r"\b(?:are you|you are|you're|i'm|i am) (?:not )?(?:a )?(?:robot|human|bot)\b",
    r"\bchecking (?:your browser|if the site connection is secure|the security of)",
    r"\b(?:just a moment|one moment|please wait)(?:\.\.\.| while)",
    r"\benable (?:javascript and cookies|cookies and javascript) to continue",
    r"\b(?:unusual|suspicious|automated|abnormal) (?:traffic|activity|requests|access|behaviou?r)",
    r"\b(?:complete|solve|pass|finish)(?: \w+){0,3} (?:captcha|challenge|security check|puzzle)|\bcaptcha\b",
    r"\b(?:security|human|browser|bot) (?:check|verification|challenge)\b",
    r"\b(?:access denied|request blocked|you have been blocked|has been blocked|been denied)\b",
    r"\b(?:request|access)(?: \w+){0,4} (?:blocked|denied|rejected) by|\bray id\b|\bincident id\b"
    r"|\bsupport id is\b|\breference #\d",
    r"\bpress (?:&|and) hold\b",
    r"\b(?:verificar?|verifique|verifica|comprob\w+|confirm\w+|demuestr\w+)(?: \w+){0,4}"
    r" (?:humano|humana|robot|persona|navegador)",
    r"\b(?:make|making) sure (?:that )?you(?:'re| are) (?:\w+ ){0,2}(?:human|person|robot)|\bautomation tools\b",
    r"\b(?:page|access|url|request)(?: \w+){0,4} (?:was|been|is) (?:denied|rejected|blocked)",
    r"\bno (?:eres|es usted|soy) un robot|\btráfico inusual|\bactividad (?:inusual|sospechosa)",
    r"\bacceso (?:denegado|bloqueado)",
    r"\b(?:vérifi\w+|confirm\w+|prouv\w+)(?: \S+){0,5} (?:humain|robot|navigateur)|\bpas un robot",
    r"\baccès (?:refusé|bloqué|interdit)|\btrafic inhabituel",
    r"\b(?:bestätig\w+|überprüf\w+|prüf\w+)(?: \w+){0,6} (?:mensch|roboter|browser)\b|\bkein roboter",
    r"\bzugriff (?:verweigert|gesperrt)|\bungewöhnliche\w* (?:aktivität|datenverkehr)",
    r"\b(?:verific\w+|confirm\w+)(?: \w+){0,5} (?:humano|robô|umano|robot|navegador)"
    r"|\bnão (?:é|sou) um robô|\b(?:non|di non) (?:sei|essere|sono) un robot|\bacesso negado|\baccesso negato",
    r"人机验证|安全验证|机器人|로봇이 아닙|ロボットではありません",
)
BOT_MARKUP = _any(
    r"cf-(?:chl|challenge|turnstile|browser-verification|error-details)|challenge-platform",
    r"(?:^|\W)(?:g-recaptcha|h-captcha|hcaptcha|recaptcha|funcaptcha|arkoselabs)",
    r"px-captcha|perimeterx|captcha-delivery|datadome|_incapsula_|incapsula|distil_|akam[-/]|sec-if-cpt",
    r"challenge-form|bot-?(?:check|wall|challenge)|human-?(?:check|challenge|verification)",
)
CONSENT = _any(
    r"\b(?:before you continue|we (?:value|respect|care about) your privacy|your privacy (?:choices|matters))",
    r"\b(?:accept|reject|allow|manage|decline|agree(?: to)?)(?: \w+){0,2} (?:cookies|all|choices|preferences|consent)\b",
    r"\b(?:we and our|our) (?:\d+ )?partners\b|\blegitimate interest|\bcookie (?:policy|settings|consent|preferences)",
    r"\b(?:usamos|utilizamos|usiamo|utilizziamo|utilisons|verwenden|use)\b.{0,40}\bcookies?\b|\bconsent\b",
    r"\bcookies? (?:first|choices|notice)\b|\bhow we use your data\b",
    r"\bantes de continuar|\b(?:aceptar|rechazar|gestionar)(?: \w+){0,3} (?:cookies|todo|todas)|\bsu privacidad"
    r"|\btu privacidad|\bconsentimiento\b|\bnuestros socios",
    r"\bavant de (?:continuer|poursuivre)|\b(?:accepter|refuser)(?: \w+){0,3} (?:cookies|tout)|\bvotre vie privée"
    r"|\bconsentement\b|\bnos partenaires",
    r"\bbevor sie fortfahren|\b(?:alle )?(?:cookies )?(?:akzeptieren|ablehnen|zustimmen)\b|\bihre privatsphäre"
    r"|\beinwilligung\b|\bunsere partner",
    r"\b(?:aceitar|rejeitar)(?: \w+){0,3} (?:cookies|tudo|todos)|\bsua privacidade|\bconsentimento\b",
    r"\b(?:accetta|rifiuta)(?: \w+){0,3} (?:cookie|tutto|tutti)|\btua privacy|\bconsenso\b",
)
NEEDS_SCRIPTS = _any(
    r"\b(?:enable|turn on|requires?|needs?|need to enable|without|activate) (?:\w+ ){0,2}javascript",
    r"\bjavascript (?:\w+ ){0,5}(?:enabled?|required|disabled|turned off|to run|to view|activado|activé|aktivier)",
    r"\b(?:active|activar|activa|habilit\w+|necesita\w*|requiere) (?:\w+ ){0,2}javascript",
    r"\b(?:activer|activez|nécessite) (?:\w+ ){0,2}javascript|\bjavascript (?:\w+ ){0,3}aktivieren"
    r"|\b(?:ative|ativar|abilit\w+|attiva\w*|richiede) (?:\w+ ){0,2}javascript",
)
SHELL = _any(
    r"^(?:\W*(?:loading|please wait|cargando|chargement|wird geladen|laden|carregando|caricamento|"
    r"un momento|espere|veuillez patienter|bitte warten|加载中|로딩 ?중)\W*)+$"
)
REGION = _any(
    r"\b(?:not|un|isn't|no longer|longer)(?: )?(?:currently )?(?:available|accessible|offered|shown)"
    r"(?: \w+){0,3} (?:in|from|to|for)(?: \w+){0,3} (?:your|this|the)(?: \w+){0,3} "
    r"(?:country|region|location|territory|area|jurisdiction|eu\b|europe)",
    r"\b(?:your|this|from your) (?:country|region|location|territory)(?: \w+){0,4} "
    r"(?:not|isn't|blocked|restricted|unable|denied|unavailable)",
    r"\b(?:visitors|users|readers|people|access)(?: \w+){0,4} (?:from|in|outside)(?: \w+){0,5}"
    r" (?:european (?:union|economic)|eu\b|eea\b|europe|united states|u\.s\.|country)",
    r"\b(?:cannot|can't|unable to) (?:show|serve|display|grant)(?: \w+){0,5} (?:where you are|your (?:country|region)|at this time)",
    r"\beuropean economic area\b|\bgdpr\b|\bgeo-?(?:block|restrict)",
    r"\bunavailable (?:for legal reasons|due to (?:legal|regional))",
    r"\bno (?:está |esta |se encuentra )?disponible (?:\w+ ){0,3}(?:en|para|desde) (?:su|tu|esta|este)"
    r" (?:país|pais|región|region|ubicación|zona|territorio)",
    r"\b(?:su|tu|este) (?:país|región|ubicación) (?:\w+ ){0,3}(?:no |bloque|restring)",
    r"\b(?:pas|plus|n'est) (?:pas )?(?:disponible|accessible) (?:dans|depuis|pour) (?:votre|ce|cette)"
    r" (?:pays|région|zone)|\bindisponible dans (?:votre|ce)",
    r"\bin (?:ihrem|ihrer|diesem|diese[rm]) (?:land|region|gebiet)(?: \w+){0,3} nicht"
    r"|\bnicht (?:\w+ )?in (?:ihrem|ihrer|diesem) (?:land|region)",
    r"\bnão (?:está )?disponível (?:\w+ )?(?:em|no|na|para) (?:seu|sua|este|esta) (?:país|região)",
    r"\bnon (?:è )?disponibile (?:\w+ )?(?:nel|nella|in) (?:tuo|tua|suo|questo|questa) (?:paese|regione|area)",
    r"您所在的?(?:地区|国家)|귀하의 (?:국가|지역)",
)
RATE = _any(
    r"\btoo many requests\b|\brate[- ]limit|\bslow down\b.{0,60}\brequests|\brequest limit (?:reached|exceeded)",
    r"\bdemasiadas (?:solicitudes|peticiones)|\btrop de requêtes|\bzu viele (?:anfragen|zugriffe)"
    r"|\bmuitas (?:solicitações|requisições)|\btroppe richieste|请求过(?:多|于频繁)|요청이 너무 많",
)
BROKEN_SERVER = _any(
    r"\b(?:500|502|503|504)\W+(?:internal|bad gateway|service|gateway|server|error)",
    r"\b(?:internal server error|bad gateway|service unavailable|gateway time-?out)\b",
    r"\berror establishing a database connection|\btemporarily (?:unavailable|down|offline|out of service)",
    r"\b(?:down for|undergoing|under|scheduled) (?:\w+ )?maintenance|\bwe'?(?:ll| will) be (?:right )?back",
    r"\b(?:technical difficulties|something went wrong|unexpected error|application error)\b",
    r"\ben mantenimiento|\berror interno del servidor|\bfuera de servicio|\bvolveremos (?:pronto|en)",
    r"\ben (?:cours de )?maintenance|\berreur interne|\bwartungsarbeiten|\binterner serverfehler",
    r"\bem manutenção|\berro interno|\bin manutenzione|\berrore interno",
)
