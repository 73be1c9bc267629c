"""The words that announce a name, and the words around a name that show it is one."""

from __future__ import annotations

from bot.redaction.vocabulary import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


FAMILY_MEMBERS = _set(
    """
    son sons sun daughter daughters duaghter daugther daughtr dauther doughter child childs kid kids
    children childrens boy boys lad lads lass girl girls baby toddler brother bro sister sis twin twins
    triplets grandson granddaughter grandaughter grandchild grandchildren nephew niece stepson
    stepdaughter step-son step-daughter stepchild wife husband hubby partner ex mum mom mam mother mummy
    dad father daddy nan gran grandma grandmother grandad grandfather uncle aunt auntie aunty cousin
    eldest oldest youngest middle one friend bestie mate neighbour dd ds dgs dgd dh dw ward lo teen
    teenager tot bairn wean fella cherub princess prince
    """
)
STAFF = _set(
    """
    teacher teachers senco sendco sencos head headteacher principal ta lsa tutor mentor officer
    caseworker case-worker worker keyworker key-worker coordinator co-ordinator therapist psychologist
    ep ot salt slt nurse doctor gp consultant paediatrician pediatrician psychiatrist dentist driver
    escort chaperone solicitor lawyer advocate interpreter childminder nanny carer lead manager
    receptionist pupil student patient client colleague lady man woman gentleman guy person someone
    somebody judge councillor cllr secretary midwife visitor practitioner governor landlord foster-carer
    supervisor
    """
)
TITLES = _set(
    """
    mr mrs ms miss dr mx prof professor sir madam mister master auntie uncle aunty cllr councillor rev
    reverend imam sister nurse pc dame lord lady
    """
)
WORDY_TITLES = _set("master lady lord sister nurse auntie aunty uncle dame")
PLAIN_TITLES = TITLES - WORDY_TITLES
CALLED = _set("called calld caled named nicknamed cald")
NAME_WORDS = _set("name names naam nam surname forename firstname lastname fullname nickname")
NAME_LABELS = _set(
    """
    name child pupil student patient parent parents mother father mum dad carer surname forename
    applicant client family guardian sibling siblings signed from re
    """
)
ASIDES = _set("is are was who's whos who its it's called named be as")
CLOSE_OWNERS = _set("my our her his me mi their")

# "I'm Sarah", "this is Sarah", "thanks, Sarah", "dear Sarah", "tell Sarah", "mum of Sarah".
_INTRODUCTIONS = """
    i'm | im | i am | this is | its | it's | it is | here is | here's | hi | hello | hey | hiya | dear |
    good morning | good afternoon | good evening | regards | wishes | thanks | thank you | cheers |
    sincerely | faithfully | love | thx | ask for | asked for | spoke to | spoke with | speak to |
    speak with | speaking to | spoken to | talked to | talk to | met | met with | saw | seen by | see |
    tell | told | contact | contacted | emailed | email | rang | phoned | message for | message from |
    mum of | mum to | mom of | mother of | mother to | mummy to | dad of | dad to | father of |
    father to | daddy to | parent of | parents of | parent to | parents to | carer of | carer for |
    carer to | guardian of | nan of | nan to | gran of | grandmother of | grandfather of | aunt of |
    auntie to | uncle of | sister of | brother of | son of | daughter of | behalf of | regarding |
    concerning | re | diagnosed by | assessed by | signed by | written by | signed | adopted | fostering
    | supporting
"""
INTRODUCTIONS = frozenset(tuple(fold(phrase).split()) for phrase in _INTRODUCTIONS.split("|"))
MONTH_NAMES = _set("april may june august summer autumn dawn")

VERBS_AFTER = _set(
    """
    is was has had isn't isnt wasn't wasnt hasn't hasnt hadn't needs gets goes can't cant cannot doesn't
    doesnt didn't didnt won't wont attends struggles hates loves refuses wants likes turns turned lives
    starts started left said says told keeps came cries became screams screamed ran died hit hits bites
    got finds feels thinks knows sees saw uses wears sleeps eats plays walks talks speaks can could
    would should might must who whose aged suffers qualifies stays moved moves sits takes took wakes hid
    hides does did thrives copes misses missed failed finished wrote rang called phoned promised agreed
    refused explained suggested wouldn't couldn't shouldn't
    """
)
VERBS_AFTER_HELPER = _set(
    """
    be have get need go attend qualify stay move start come see join apply stop leave transfer change
    still also ever even not really actually sit use receive travel return live eat sleep do take keep
    meet access
    """
)
HELPERS = _set(
    """
    can could will would should does do did is has may might must when if that where how why because
    since until while and but
    """
)
AFTER_OWNED = _set(
    """
    plan plans ehcp ehc review reviews annual school schools teacher teachers needs behaviour mum mums
    mother dad dads father parents assessment birthday name diagnosis report reports class classroom
    attendance provision support place placement transport taxi travel funding social case sen send
    senco ta tutor nursery college home house file records paperwork anxiety autism adhd future
    education therapist therapy speech brother sister family gp doctor hospital medication progress
    timetable exclusion appeal tribunal draft final section banding band key link side behalf health
    special friend friends phone number email address head hearing sleep eating ot salt slt ep iep
    targets profile notes letter letters
    """
)
INSTITUTIONS = _set(
    """
    school schools primary infant infants junior juniors academy college nursery centre center hospital
    clinic trust road street lane avenue park library church mosque temple gurdwara university surgery
    foundation act scale test palace station team service council borough hub ward unit group project
    playgroup pre-school preschool high secondary grammar federation partnership society house lodge
    court way close drive gardens green common charity helpline syndrome disease disorder method
    programme hall club report review committee inquiry law day
    """
)
EPONYM_NEXT = _set("syndrome disease disorder palsy scale scales method act law")
EPONYM_OWNED = _set("syndrome disease disorder palsy")
THINGS_CALLED = _set(
    """
    school schools nursery college centre charity service scheme form plan meeting group team app fund
    programme course website site thing something what condition syndrome it this that which place
    building academy unit process document provision support organisation company agency clinic street
    road town village therapy approach grant benefit policy law act panel hub class club base department
    box section there's theres there word letter report
    """
)
PARTICLES = _set("bin ibn bint al el de da dos van der den von du la le abu ul ud-din st mac mc o")
FUNCTION_WORDS = _set(
    """
    i a an the and or but if so as at by for from in into of off on onto out over to up with without
    about is are was were be been am has have had do does did can could will would shall should may
    might must not no yes he she it we they you him her them us me my our your his its their this that
    these those who whom whose what when where why how which there here then than too also just only
    very still even needs gets goes said says told asked wants please thanks thank hi hello dear regards
    all any some each every both more most other such own same now year years school age aged class old
    today yesterday tomorrow because since until while after before during again once re cc dob date nhs
    upn ref tel phone mobile email address postcode need needing got get going go went yr yrs called
    named parent child mum dad
    """
)
# Given names that are also verbs or little words: in small letters they need a verb after them.
VERB_NAMES = _set(
    """
    will may mark hope chase drew sue rob grant wade bill pat frank can said mo an sen man favour
    comfort guy so do dale price ion mercy reading
    """
)
