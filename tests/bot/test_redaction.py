"""Redaction: what is taken out, what stays, and that it ends, in time, whatever it is given."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.redaction
from bot.redaction import LABELS, Redaction, redact
from bot.redaction_report import Case, crudely, leak_report, measure, rank_change, read_cases, survives, wilson

GOLDEN = Path(__file__).parents[1] / "golden" / "redaction.jsonl"
PUBLISHED = (
    "020 8583 2672",
    "020 8583 6600 option 2",
    "0800 1111",
    "SEN@hounslow.gov.uk",
    "Hounslow House, 7 Bath Road, Hounslow, TW3 3EB",
)
MEGABYTE = 1_000_000

# kind | what must go | the message
POSITIVE = """
name | Adam Khan | My son Adam Khan is nine
name | Adam | my son Adam has a plan
name | Zainab | our daughter is called Zainab
name | Kyle | my lad Kyle's review is late
name | Kacper | his name is Kacper and he is 6
name | Sarah | I'm Sarah and I need help
name | Begum | this is Mrs Begum
name | O'Neill | Miss O'Neill rang me
name | Jayden Smith | child: Jayden Smith
name | Jayden | the deadline for Jayden's plan
name | zayn | my son zayn has autism
name | aisha khan | my daughter aisha khan is 4
name | tyler | hes called tyler
name | Hannah | My daughter, Hannah, is deaf
name | Isla | dd Isla (6) won't go in
name | Noah | What is in Noah's plan?
name | Elsie-Mae | my little one Elsie-Mae bites
name | D'Andre | My son D'Andre is 13
name | Zoë | Zoë has epilepsy
name | Siân | I'm Siân from Heston
name | José | Ask for José please
name | Llewelyn | I am mum of Llewelyn
name | Mohammed Ali Hussain | my boy Mohammed Ali Hussain
name | Omar | my twins Ali and Omar
name | Devonte | My kids are Tyrone, Shanice and Devonte
name | Patel | Dear Ms Patel, thank you
name | J Thompson | Yours, Mr J Thompson
name | White | Mrs White said no
name | Young | Mr Young is the head
name | Whitfield | The SENCO, Mr Whitfield, agreed
name | Ramanathan | Dr Ramanathan saw him
name | Blessing Okafor | our social worker is called Blessing Okafor
name | Stephen Doyle | My case officer Stephen Doyle left
name | Grace | My daughter Grace has PDA
name | Will | my son Will is 9
name | Summer | My daughter Summer can't go
name | Dave | Can you help? Thanks, Dave
name | Farzana Ahmed | Kind regards, Farzana Ahmed
name | Mateusz | Does Mateusz need a plan?
name | Priya | Can Priya get transport?
name | Oluwaseyi | Is Oluwaseyi entitled to a taxi?
name | Gary Fielding | My ex husband Gary Fielding won't agree
name | Arjun | we are the parents of Arjun
name | Kwame Mensah | My nephew Kwame Mensah is in Year 10
name | Connor McBride | Student - Connor McBride
name | Xavier Ng | child name = Xavier Ng, age = 6
name | Nirmala Devi | I think you want Nirmala Devi
name | Okonkwo | writing for the Okonkwo family
name | ADAM KHAN | MY SON ADAM KHAN IS OUT OF SCHOOL
name | Chelsea | my daughter Chelsea has a plan
name | Jordan | my son Jordan is in Year 4
name | hamza | my sun hamza cant talk
name | Sofia | My duaghter Sofia is 3
name | Agnieszka Nowak | Mam na imię Agnieszka Nowak
name | Jakub | Mój syn Jakub ma autyzm
name | Zofia Wiśniewska | Moja córka nazywa się Zofia Wiśniewska
name | فاطمہ | میرا نام فاطمہ ہے
name | علی رضا | میرے بیٹے کا نام علی رضا ہے
name | ਹਰਪ੍ਰੀਤ | ਮੇਰਾ ਨਾਮ ਹਰਪ੍ਰੀਤ ਹੈ
name | सुनीता शर्मा | मेरा नाम सुनीता शर्मा है
name | Carmen Ruiz | me llamo Carmen Ruiz y vivo aquí
name | Hodan | Magacaygu waa Hodan
name | Elena Popescu | Mă numesc Elena Popescu
name | محمد الأحمد | اسمي محمد الأحمد
name | Ольга | Меня зовут Ольга
name | Ayşe Yılmaz | Benim adım Ayşe Yılmaz
name | gurpreet | mera naam gurpreet hai
name | Fatou Diallo | Je m'appelle Fatou Diallo
name | João Silva | Meu nome é João Silva
date of birth | 12/03/2016 | dob 12/03/2016
date of birth | 12-03-16 | DOB: 12-03-16
date of birth | 12.3.2016 | d.o.b. 12.3.2016
date of birth | 12 03 2016 | date of birth 12 03 2016
date of birth | 12032016 | D.O.B 12032016
date of birth | 2016-03-12 | date of birth: 2016-03-12
date of birth | 4th July 2017 | he was born on 4th July 2017
date of birth | 4 Jul 17 | dob is 4 Jul 17
date of birth | July 4th, 2017 | born July 4th, 2017
date of birth | 2nd of February 2018 | born on the 2nd of February 2018
date of birth | 17 august | his birthday is 17 august
date of birth | 28/02/2011 | He was born 28/02/2011
date of birth | 3rd March 2012 | here is his date of birth: 3rd March 2012
date of birth | 5/6/2017 | their dobs are 3/4/2015 and 5/6/2017
date of birth | 31/12/2019 | 31/12/2019 is her date of birth
NHS number | 943 476 5919 | His number is 943 476 5919
NHS number | 9434765919 | 9434765919
NHS number | 943-476-5919 | NHS 943-476-5919
NHS number | 94 34 76 59 19 | it is 94 34 76 59 19
NHS number | 1234567890 | NHS number 1234567890
NHS number | 401 023 2137 | Patient 401 023 2137
UPN | E313200012001 | it is E313200012001
UPN | e313200012001 | e313200012001 is his
UPN | Q31320001200A | temporary one Q31320001200A
UPN | A123456789012 | UPN: A123456789012
UPN | Z12345678901 | unique pupil number is Z12345678901
NI number | AB123456C | AB123456C is mine
NI number | AB 12 34 56 C | AB 12 34 56 C
NI number | ab123456c | ab123456c
NI number | QQ 12 34 56 C | my NI number is QQ 12 34 56 C
NI number | QQ123456 | national insurance number QQ123456
phone | 07700 900123 | ring 07700 900123
phone | 07700900123 | 07700900123
phone | 0770 090 0123 | on 0770 090 0123
phone | 07700-900-123 | 07700-900-123 please
phone | +44 7700 900456 | +44 7700 900456
phone | +447700900456 | +447700900456
phone | 0044 7700 900456 | 0044 7700 900456
phone | +44 (0)20 7946 0958 | +44 (0)20 7946 0958
phone | 020 7946 0958 | 020 7946 0958
phone | (020) 7946 0958 | (020) 7946 0958
phone | 01632 960001 | 01632 960001
phone | 01632 960 001 | 01632 960 001
phone | 7946 0958 | call me on 7946 0958
phone | +48 601 234 567 | +48 601 234 567
phone | 7700 900 123 | my mobile is 7700 900 123
email | amina.hussain@example.com | write to amina.hussain@example.com
email | d.kowalska88@example.org | d.kowalska88@example.org
email | o'neill+send@mail.example.co.uk | o'neill+send@mail.example.co.uk
email | amina@gmail | amina@gmail
email | tracey at example dot com | email tracey at example dot com
postcode | TW4 6NH | we are in TW4 6NH
postcode | tw46nh | tw46nh
postcode | W4 5DE | W4 5DE
postcode | UB2 5QQ | UB2 5QQ
postcode | EC1A 1BB | EC1A 1BB
postcode | TW13-4AB | TW13-4AB
postcode | tw13  4ab | tw13  4ab
address | 14 Beavers Crescent | I live at 14 Beavers Crescent
address | 22a Staines Road | 22a Staines Road
address | 7 rosary gardens | 7 rosary gardens
address | 12-14 Station Rd | 12-14 Station Rd
address | 9 Osterley Close | 9 Osterley Close
address | 3 The Drive | 3 The Drive
address | 118b Great West Rd | 118b Great West Rd
address | Flat 12 | I live at Flat 12, near the park
address | flat 2b | flat 2b
address | Apartment 7 | Apartment 7
address | Hibernia Road | we live on Hibernia Road
reference | 20451177 | Case ref 20451177
reference | EHC-2023-004561 | Reference: EHC-2023-004561
reference | EH313/24/00123 | tribunal number EH313/24/00123
reference | SEN/2024/00871 | SEN/2024/00871
reference | 123 456 | case number 123 456
reference | 1234567 | hospital number 1234567
reference | 00981234 | Client ID 00981234
reference | 12345678 | account number 12345678
"""

# Ordinary questions, which must come through untouched.
NEGATIVE = """
Can my son get an EHCP without a diagnosis?
My son is in Year 5 and can't read
my son has autism and needs a plan
my daughter needs help with speech
my son autistic no school place
my boy just turned 8 and still in nappies
My daughter will be 16 in May, who holds the rights?
my child refuses school every morning
my son struggles with maths and spelling
My son starts at Marjory Kinnon in September
What is the deadline if we got the letter on 3 October 2025?
20 weeks from 01092025
1234567 waiting list
£1250 1500 a year
Is it £6,000 or £10,000 before top up funding?
What does Section F of an EHCP mean?
section 19 education act 1996
Section 36(8) of the Children and Families Act 2014
How long is 20 weeks from 1 September 2025?
When is the annual review for Year 9?
Y9 transition, when do they name a school?
does my child need an EHCP to go to The Cedars
Is Marjory Kinnon a special school?
Which schools have a speech and language centre? Lionel Primary?
Can we visit Lindon Bennett before naming it?
New Oaks or High Oaks, what's the difference
We live in Hounslow but school is in Ealing
We live in TW3, is Feltham or Cranford nearer for the surgery?
Where is the next SEND surgery in Feltham?
SEND surgery Chiswick dates
What is MIP?
Can the SENCO refer my child to the Mainstream Inclusion Partnership
how does a setting apply for MIP funding
Does my child need an EHCP for MIP support?
What is the SEN Inclusion Fund for nurseries?
Disability Access Fund and DLA, can we have both?
How do I apply for DLA for my 4 year old?
My 7 year old bites other children
my three year old isn't talking
He is 15 and turns 16 in June, does PIP replace DLA?
Who can help with short breaks in the summer holidays?
What are direct payments?
I want to complain about the SEN team
Can I record the meeting with the local authority?
The council missed the 20 week deadline. What can I do?
They refused to assess. Do I need mediation before tribunal?
When must I appeal? The letter came on 12 September 2025
How many days do I have after 14 November 2025?
My appeal hearing is on 12/05/2026, can I send more evidence?
The draft plan was dated 01/09/2025 and we have 15 days
Do school holidays count in the six weeks?
What happens if the school says it cannot meet need?
Can they exclude an autistic child?
school keeps sending him home early is that legal
reduced timetable 2 hours a day since January 2025
is it legal to put a child in isolation for 5 days
My child hasn't been to school for 15 days because of anxiety
Who arranges alternative provision?
What is EOTAS and how do I get it
I'm a SENCO at a primary in Heston. Is there a form?
I'm autistic and 17. Can I ask for my own assessment?
I am a foster carer. What can I ask for?
I'm worried about my child's safety at school
This is urgent, we have no school place
It's about transport to college
Hello, can you help me?
Hi, I have a question about speech therapy
Thanks, that helps
Thank you very much for your help
Dear Sir or Madam, how do I ask for an assessment?
Good morning, who do I contact about Blue Badge?
Is 020 8583 2672 still the right number?
What is the email for the SEN team, SEN@hounslow.gov.uk?
Is Hounslow House, 7 Bath Road, Hounslow, TW3 3EB open on Saturday?
Call Childline on 0800 1111
Do I ring 999 or 111?
My reference is HS-4F7K-92
What happened to HS-B-7Q2?
Who are SENDIASS and are they independent?
IPSEA told me the council must assess
Ofsted said the plans are out of date
How did Hounslow do in the inspection of October 2024?
What is CAMHS waiting time?
Is there support for dyslexia, dyspraxia or dyscalculia?
Does Down's syndrome count as SEND?
Tourette's and school, what adjustments?
Help with ADHD medication at school
What is the difference between SEN Support and an EHCP?
can i get a personal budget for swimming
my kids are 5, 7 and 9 and all have SEN
my twins are in reception, one needs a plan
my eldest is at college and my youngest in nursery
My husband says we should go private
my partner and I disagree about special school
their teacher says no funding
The teacher called me again today
the form is called what?
what is the plan called when you are 16
A friend told me about portage
I called the council and nobody answered
they called him lazy
Can a school be named in section I if it is full?
name a school in the plan
What is the name of the new transport policy?
who do I name as the parent carer
Can we move from Slough to Hounslow with an EHCP?
We are moving from Poland, my daughter has a disability certificate
Do you have this in Panjabi, Urdu or Somali?
Is there a Polish speaking officer?
Czy mogę dostać pomoc po polsku?
¿Puedo hablar con alguien en español?
میرے بچے کو اسکول کی ضرورت ہے
ਮੇਰੇ ਬੱਚੇ ਨੂੰ ਸਕੂਲ ਚਾਹੀਦਾ ਹੈ
मुझे EHCP के बारे में जानकारी चाहिए
ابني يعاني من التوحد ويحتاج إلى مساعدة
ilmahaygu waxa uu qabaa autism
My child was born in August 2021, when does school start?
summer born child delay reception
he was born premature at 28 weeks
born with cerebral palsy, which school?
It takes 45 minutes on 2 buses, 5 days a week
The taxi is 10 minutes late every day
We live 2 miles from school, is 3 miles the limit?
there are 2 special schools close to us
It's a 10 minute drive
Flat rate allowance or mileage?
Will he get a taxi? Will the plan stop at 16?
Can Grace period apply to the review?
May half term is when?
I hope this is the right place
Please mark this as urgent
Which band is £12,000 and what is Band 4?
Top 10 tips for a tribunal
Is 1:1 support 25 hours a week or 32.5?
KS2 SATs access arrangements
Year 6 to Year 7 phase transfer, 15 February deadline
31 March for post-16 plans
Post 16 transport policy 2025/26
What help is there for 18 to 25 year olds?
Supported internships at West Thames College
Is there an Independence Hub in Brentford?
Employability Hub age 16
What is Project SEARCH?
Autism hub, Heston
Is Woodbridge Park a PRU?
How do I get Early Help from the council?
I think my child is being bullied and the school won't listen
carer's allowance rates 2025
I want to self harm
my son hit me and I'm scared
School wants to put my child on a behaviour plan!!!
WHAT IS AN EHCP
HOW LONG DOES IT TAKE TO GET A PLAN
I Need Help With My Childs School Place
What Is The Deadline For Secondary Transfer
asess my child pls
how do i aply for ehcp
my son cant cope at skool an they dont care
wen is the nxt surgery
SENCO wont return my calls
Ed psych report is 3 years old
GP referred us to the paediatrician at West Middlesex
Great Ormond Street wrote a report
St Mary's say they are full
The Rise said no
Heathland said my child's needs can't be met
Kooth, Young Minds or CAMHS?
National Autistic Society advice
Equality Act reasonable adjustments
the local offer website is broken
Education Other Than At School
Who is the Local Government Ombudsman?
What is Makaton?
PECS or Makaton at nursery?
Does Elvanse affect sleep?
Christmas holidays and the statutory deadline
Easter holiday clubs for disabled children
Does Ramadan affect the surgery times?
Is the Alf Morris Centre still running groups?
I am a grandparent with an SGO
can a nan apply
my ex won't agree
my mum doesn't speak English
he can't write his name
she answers to her name only sometimes
Year 10, ASD, ADHD, PDA, no school since May 2024
ASC/ADHD pathway for under 5s
EHC needs assessment, 6 week decision
wheelchair, hoist, changing place
What are the opening hours, 9am to 5pm?
It was 2 October when I applied, and it's now 20 March
Sept 2025 start, 30 hours
P scales, B squared
2.5 hours in class, 1 hour in a corridor
Please can you send a copy of the draft plan
Our child is adopted, is there extra help?
My son's school has no SENCO
my sons school is closing
My daughter's plan is out of date
her needs have changed
his plan says 15 hours
tribunal said yes but council says no
I am deaf, can I have a BSL interpreter?
Does Hounslow still do the Max card?
We've applied to Springwell and Beavers, which has a resourced provision?
Is there anything on at the Treaty Centre during half term?
My daughter got a place at Strathmore, is transport automatic?
How does Ofsted rate The Rise?
my son's paediatrician says autism but CAMHS says anxiety
School says Fischer Trust data shows progress
Can the SALT report be older than 12 months?
Has anyone used Kids mediation?
The Panel sits on Wednesdays, right?
Who is the Director of Children's Services?
is the parent carer forum meeting on Zoom or Teams
My Child is in Reception and needs 1:1
Our son goes to Feltham College, he's 19, can the plan carry on until 25?
my youngest was diagnosed with Ehlers Danlos and dyscalculia
Wheelchair accessible playgrounds near Osterley?
The council's policy mentions Regulation 19, what's that?
SENDIST form SEND35 where do I get it
Draft EHCP came 27/10/25. 15 days to comment ends when?
Tribunal registered on 3rd June, hearing 20 weeks later?
We got DLA middle rate care and low rate mobility
Universal Credit disabled child element £156.11
He scored below the 1st centile in CELF-5
WISC-V and BAS3, does the EP use them?
Can I use the ABA provider Beyond Autism?
Freedom Pass or Zip card for a 16 year old?
Is Bedfont Primary's SEN centre for autism?
Where's the nearest Changing Places toilet to Brentford station?
I'm a TA, can I do the Makaton course?
Teacher here. What training does Hounslow Education Partnership run?
What's the difference between Band 3 and Band 5 in the matrix?
Ealing gave him a plan, Hounslow says it isn't bound by it
Somali speaking support worker please
can you explain in easy read
I want to talk to a human
Who pays if I choose a school in Surrey?
Is Clarendon in Richmond or Hampton?
school want a managed move to Rivers Academy
Does Section 23 notice from the NHS start an EHCP?
Autumn term starts Tuesday 2 September 2025
my boy is going in to year one and can't hold a pencil
My daughter keeps running out of class and no one stops her
nursery say delayed, GP says wait, I'm going mad
my son's got hypermobility and sensory processing disorder
our daughter with PDA won't leave her room
the kids at school call my son names
My mum is his carer now, what can she claim?
Dad here. Where do I begin?
Hi Team, can you resend the link?
Can the Local Government and Social Care Ombudsman look at transport?
"""


def rows(table: str) -> list[str]:
    return [row for row in table.strip().splitlines() if row.strip()]


@pytest.mark.parametrize("row", rows(POSITIVE))
def test_personal_data_goes(row: str) -> None:
    kind, secret, text = (part.strip() for part in row.split(" | ", 2))
    redacted = redact(text, PUBLISHED)
    assert (kind, secret) in {(found.kind, text[found.start : found.end]) for found in redacted.found}
    assert secret not in redacted.text
    assert LABELS[kind] in redacted.text


@pytest.mark.parametrize("text", rows(NEGATIVE))
def test_an_ordinary_question_is_untouched(text: str) -> None:
    redacted = redact(text, PUBLISHED)
    assert redacted.text == text
    assert redacted.found == ()


def test_the_tables_are_as_long_as_promised() -> None:
    assert len(rows(POSITIVE)) >= 120
    assert len(rows(NEGATIVE)) >= 120


def test_a_name_goes_wherever_it_comes_up_before_and_after() -> None:
    text = "jayden wont go in. My son is called Jayden. JAYDEN's school, Jayden, and jaydens teacher."
    assert redact(text).text == (
        "[name] wont go in. My son is called [name]. [name]'s school, [name], and [name] teacher."
    )


def test_a_double_name_goes_without_its_hyphen_too() -> None:
    assert redact("My girl Elsie-Mae bites. Elsie is 3. elsiemae bites.").text == (
        "My girl [name] bites. [name] is 3. [name] bites."
    )


def test_a_name_that_is_a_word_stays_a_word() -> None:
    text = "My daughter Summer can't cope with the summer holidays. Summer is 6."
    assert redact(text).text == "My daughter [name] can't cope with the summer holidays. [name] is 6."


def test_a_published_contact_stays_however_it_is_written() -> None:
    text = "Is 02085832672 or +44 20 8583 6600 right, and sen@hounslow.gov.uk, 7 Bath Road TW33EB?"
    assert redact(text, PUBLISHED).text == text
    assert redact(text).text == "Is [phone] or [phone] right, and [email], [address] [postcode]?"


def test_proper_nouns_can_be_given() -> None:
    text = "Has anyone tried Zyntharo for transport?"
    assert redact(text).text == "Has anyone tried [name] for transport?"
    assert redact(text, allow=("Zyntharo",)).text == text


def test_our_own_reference_stays_and_others_go() -> None:
    assert redact("ref HS-4F7K-92 and ref 20451177").text == "ref HS-4F7K-92 and ref [reference]"


def test_month_and_year_of_birth_stay_because_they_decide_the_school_year() -> None:
    text = "she was born in August 2021"
    assert redact(text).text == text


def test_a_date_of_birth_goes_and_the_deadline_beside_it_stays() -> None:
    text = "DOB 15 Aug 2012. Letter dated 3 October 2025."
    assert redact(text).text == "DOB [date of birth]. Letter dated 3 October 2025."


def test_offsets_are_in_the_original_text() -> None:
    text = "My son Adam Khan, dob 12/03/2016"
    assert redact(text).found == (Redaction("name", 7, 16), Redaction("date of birth", 22, 32))


def test_a_message_that_never_settles_goes_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.redaction.engine.MOST_PASSES", 1)
    text = "My son Adam is 9"
    assert redact(text).text == "[name]"
    assert redact(text).found == (Redaction("name", 0, len(text)),)


messages = st.text(st.characters(exclude_categories=()), max_size=300)
pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "my son ",
                    "Adam",
                    " Khan",
                    "zayn ",
                    " is called ",
                    "Will ",
                    "and ",
                    "Mrs ",
                    "dob ",
                    "1/2/2015",
                    "born ",
                ),
                *(
                    "3 October 2025",
                    "07700 900123",
                    "0",
                    "7",
                    " ",
                    "\n",
                    ".",
                    ",",
                    "@",
                    "a@b.uk",
                    "TW3 3EB",
                    "tw3 ",
                    "3eb",
                ),
                *(
                    "NHS number ",
                    "943 476 5919",
                    "UPN ",
                    "E313200012001",
                    "QQ 12 34 56 C",
                    "ref ",
                    "20451177",
                    "HS-4F7K-92",
                ),
                *(
                    "14 Beavers Crescent",
                    "flat 3 ",
                    "[name]",
                    "[",
                    "]",
                    "name",
                    "'s ",
                    "-",
                    "\ufdd0",
                    "\x00",
                    "\ud800",
                ),
                *(
                    "میرا نام ",
                    "فاطمہ",
                    "mam na imię ",
                    "मेरा नाम ",
                    "Grace ",
                    "Year 5 ",
                    "Lionel Primary ",
                    "(",
                    ")",
                    ":",
                    "£",
                ),
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=30,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.one_of(messages, pieces))
def test_it_never_raises_and_twice_is_once(text: str) -> None:
    once = redact(text, PUBLISHED)
    assert redact(once.text, PUBLISHED).text == once.text
    assert redact(once.text, PUBLISHED).found == ()


@settings(max_examples=400, deadline=None)
@given(st.one_of(messages, pieces))
def test_what_was_found_is_exactly_what_was_replaced(text: str) -> None:
    redacted = redact(text, PUBLISHED)
    rebuilt, at = "", 0
    for found in redacted.found:
        assert at <= found.start < found.end <= len(text)
        rebuilt += text[at : found.start] + LABELS[found.kind]
        at = found.end
    assert rebuilt + text[at:] == redacted.text


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(rows(POSITIVE)), st.sampled_from(["", "Hello. ", "\n", "Please help! "]))
def test_a_table_row_goes_in_the_middle_of_a_message_too(row: str, before: str) -> None:
    _kind, secret, text = (part.strip() for part in row.split(" | ", 2))
    assert secret not in redact(f"{before}{text}. What can I do?").text


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in iter_modules(bot.redaction.__path__, "bot.redaction."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value


@pytest.mark.parametrize("pattern", [pytest.param(value, id=name) for name, value in patterns()])
def test_every_pattern_is_bounded(pattern: re.Pattern[str]) -> None:
    """No pattern can look at more than a fixed number of characters: so no input makes one slow."""
    longest = re._parser.parse(pattern.pattern, pattern.flags).getwidth()[1]  # type: ignore[attr-defined]
    assert longest < 700


def calls_made(text: str) -> int:
    calls = 0

    def count(*_event: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        redact(text)
    finally:
        sys.setprofile(before)
    return calls


HOSTILE = [
    *(
        "a",
        "1",
        "1 ",
        "0",
        "0 ",
        "my son ",
        " ",
        "@",
        "a@",
        "a.",
        "Adam, ",
        "Xyzab ",
        "xyzab ",
        "xyzab is ",
        "born ",
    ),
    *(
        "1/2/2015 ",
        "dob 1/2/2015 and ",
        "7 Bath ",
        "7 bath bath bath ",
        "A-",
        "a'",
        "flat 1 ",
        "ref ",
        "ref 1 ",
    ),
    *(
        "nhs number is ",
        "name is ",
        "\0",
        "\ud800",
        "[name]",
        "\ufdd0",
        "tw3 3",
        "live on Aa ",
        "mera naam ",
        "نام ",
    ),
    *(
        "+44 ",
        "(",
        "d.o.b ",
        "upn number ",
        "qq 12 ",
        "Adam and ",
        "Aaa ",
        "a@b.c ",
        "Mr ",
        "and ",
        "my son Grace ",
    ),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_message_is_twice_the_work(piece: str) -> None:
    half = calls_made(piece * 600)
    assert calls_made(piece * 1200) <= 2.3 * half + 500


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["a", "1", "my son ", " ", "@"])
def test_a_hostile_megabyte_comes_to_an_end(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))
    assert redact(text).text == text


def golden() -> tuple[Case, ...]:
    return read_cases(GOLDEN.read_text(encoding="utf-8").splitlines())


def test_the_golden_set_leaks_under_five_in_a_hundred() -> None:
    report = leak_report(golden(), PUBLISHED)
    assert report.cases >= 250
    assert report.redacted.leak_rate < 0.05
    assert report.redacted.interval[1] < 0.05
    assert len(report.redacted.lost) <= 0.01 * report.redacted.kept


def test_the_control_leaks_everything() -> None:
    """Without redaction every secret must count as leaked, or the measure proves nothing."""
    control = leak_report(golden(), PUBLISHED).control
    assert control.leak_rate == 1.0
    assert control.lost == ()


@pytest.mark.parametrize("batch", ["first", "second", "third"])
def test_every_batch_of_the_golden_set_holds(batch: str) -> None:
    cases = [case for case in golden() if case.batch == batch]
    assert leak_report(cases, PUBLISHED).redacted.leak_rate < 0.05


def test_golden_secrets_and_kept_words_are_in_their_messages() -> None:
    for case in golden():
        assert all(part in case.text for part in (*case.secrets, *case.keep))


def test_half_a_name_is_a_leak() -> None:
    assert survives("Adam Khan", "[name] Khan is 9", ())
    assert not survives("Adam Khan", "[name] is 9", ())


def test_a_kept_word_or_a_label_is_no_leak() -> None:
    assert not survives("7 Bath Road", "[address], near Bath Road", ("Bath Road",))
    assert not survives("2nd of May", "born [date of birth]", ())


def test_what_is_lost_is_counted() -> None:
    figures = measure([Case("Year 5 and Adam", ("Adam",), ("Year 5",))], lambda _text: "")
    assert (figures.leaked, figures.lost, figures.kept, figures.secrets) == ((), ((0, "Year 5"),), 1, 1)


def test_an_empty_set_has_no_rate() -> None:
    figures = measure([], lambda text: text)
    assert figures.leak_rate == 0.0
    assert figures.interval == (0.0, 1.0)


def test_wilson_agrees_with_published_values() -> None:
    """Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_rank_change_counts_what_stays_first_and_what_falls_one_place() -> None:
    cases = read_cases(
        [
            '{"text": "Ann asks of clubs", "secrets": ["Ann"], "keep": []}',
            '{"text": "no secret", "secrets": [], "keep": []}',
        ]
    )
    orders = {"Ann asks of clubs": ["a", "b"], "[name] asks of clubs": ["b", "a"], "x": []}
    change = rank_change(cases, lambda text: orders.get(text, []), lambda text: text.replace("Ann", "[name]"))
    assert (change.asked, change.same, change.within_one) == (1, 0, 1)
    assert "first or second 100.0 %" in change.says()
    assert crudely("Ann has 2 clubs") == "[name] has [name] clubs"
