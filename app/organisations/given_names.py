"""Given names that are frequent in the Netherlands, by which a person's name in a text is recognised.

Names that are also Dutch words or names of towns at the start of a sentence (Wil, Mei, Florence) are left out.
"""

from typing import Final

_NAMES: Final = """
aad aaltje aart abdel abdelkader abdellah abdul abdullah abel achmed adam adriaan adrianus adrie ahmed ahmet
aicha aisha albert alberto alex alexander alexandra alfred ali alice alida alina amal amber amina amir amira
ana anass andre andrea andreas andries andré angela anita anja anke ann anna annabel anne anneke annelies
annemarie annemieke annet annette annie annika anouk ans anthony anton antonia antonio antoon anwar arie arjan
arjen arnold arnoud arthur aryan astrid ayoub ayse ayşe aziz barbara bart bas bastiaan bea beatrix ben
benjamin bennie bernadette bernard bert bertha bertus betty bianca bilal björn bob boris bouchra bram brian
brigitte burak carin carina carla carlo carlos carmen carolien caroline cas casper cecile cees cem chantal
charles charlotte chris christa christiaan christian christina christine cindy claire claudia coen colin conny
cor corine corinne cornelia cornelis corrie daan daniel daniela danielle daniël daphne dave david debbie
deborah demi denise dennis derk diana dick diederik dieuwertje dilek dimitri dirk dirkje dominique donald
dorien doris driss duncan dunya dylan eduard edwin eef eefje egbert elena elias elif eline elisabeth elise
elke ellen elly els elsa emiel emine emma emre eric erica erik erika ernst erwin esmee esther eva evelien
evert fabian fadoua farid fatih fatiha fatima fatma femke fenna ferdinand fleur floor floris franciscus frank
frans fred frederik freek frits froukje gabriel geert geertje george gerard gerben gerda gerhard gerrit gert
gertjan gijs gijsbert ginny gonda greet greetje guido guus gürkan hakan halima hamid hamza hanneke hannie hans
harm harmen harold harrie harry hasan hassan hatice heidi heleen helena helga hendrik hendrika hendrikus henk
hennie henny henri henriette herman hermanus hessel hicham hilda hilde houda hubert hugo huib husseyin huub
hüseyin ibrahim ida ilona ilse imane imran ine ineke ines inge ingrid irene iris irma isa isabel isabella
ismail ivo jaap jack jacob jacoba jacobus jacqueline jacques jake jamal james jamila jan jana jane janine
janneke jannes jannie janny jantje jasmijn jasper jayden jean jeanette jeanine jeffrey jelle jelmer jennifer
jenny jeroen jerry jesse jessica jet jetske joan joana joep joeri johan johanna johannes john johnny jolanda
jolien jonas jonathan joost jordy jorien joris jos jose josef joseph josje josé joyce judith jules julia
julian julie jurgen jurriaan kaan karel karen karim karima karin karlijn kars katja katrien kees kemal kevin
khadija khalid kim klaas klaasje koen koos krijn kristel kristina lars laura laurens leen leendert leila lena
lenie leo leon leonie leontine leyla lia lieke lies liesbeth lin linda lisa lisanne lisette lodewijk loek loes
lonneke lotte louis louise luc lucas lucia lucien ludo luis luka luuk maaike maarten maartje madelon malika
manon marc marcel marco margaret margreet margriet maria mariam mariana marianne marie marieke marielle marien
marije marijke marijn marina mario marion marit maritza mariëlle marjan marjo marjolein marjolijn marjon mark
marlies marloes martha martijn martin martina martine mary maryam mathijs matthijs maurice max maxim mees
mehmet melanie melissa menno merel mia michael michaël michel michelle michiel mieke mika mike milan milou
miriam mirjam mohamed mohammad mohammed monica monika monique mounir mourad muhammad murat mustafa myrthe
nabil nadia nadine najat naomi natalie natasja nathalie nico nicolaas nicole niek niels nienke nikki nina noah
noor noortje nora norbert nour olaf olga oliver omar onno oscar oskar osman otto oumaima pascal patricia
patrick paul paula pauline pedro peggy peter petra petronella petrus piet pieter pim priscilla quinten rachel
rachid rachida ralph ramazan ramon raoul rashid raymond rebecca reinier remco renate rene rené renée ria
ricardo richard rick rik rinus rob robbert robert roberto robin roderick roel roelof roger roland rolf romy
ronald ronnie roos rosa rosalie roy ruben rudi rudolf rutger ruth ruud rémi sabine sabrina said salma sam
samantha samir samira sander sandra sanne sara sarah saskia saïd sebastiaan selim selma serkan sharon sheila
shirley sibel siebe sietske sigrid silvia simon simone sjaak sjoerd sjors sofia sofie sonja sophia sophie
souad soufiane stan stefan stefanie stella stephan stephanie steven stijn susan susanne suzanne sven sylvia
tamara tanja tariq tatjana ted teun thea theo theodorus thera theresa thijmen thijs thomas tijmen tijn tim
timo timothy tina tineke tjeerd tobias tom tommie tonnie tonny toon trudy truus twan ursula valerie vanessa
vera veronica victor victoria vincent virginia wendy wesley wessel wiebe wietske wilhelmina willem willemien
willemijn wilma wim wouter xander yannick yasin yasmin yasmina yassin youssef yusuf yvette yvonne zahra zainab
zakaria zeynep zohra zoë özlem
"""

GIVEN_NAMES: Final = frozenset(_NAMES.split())
"""Frequent given names, in lower case."""
