"""German words of prompts in the English that the painter reads."""

from __future__ import annotations


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


#: Words that are no English ones.
GERMAN = _table(
    "katze=cat katzen=cats hunde=dogs füchse=foxes eulen=owls hasen=hares bären=bears "
    "pferde=horses fische=fishes boote=boats schiffe=ships häuser=houses bäume=trees "
    "pilze=mushrooms herbst=autumn frühling=spring sommer=summer garten=garden park=park "
    "kater=cat tiger=tiger hund=dog wolf=wolf fuchs=fox hase=hare kaninchen=rabbit vogel=bird "
    "vögel=birds reiher=heron kranich=crane eule=owl pinguin=penguin krake=octopus fisch=fish "
    "wal=whale elefant=elephant bär=bear hirsch=deer reh=deer pferd=horse schildkröte=turtle "
    "schmetterling=butterfly mann=man frau=woman mädchen=girl junge=boy mensch=person "
    "menschen=people könig=king königin=queen leuchtturm=lighthouse schiff=ship segelboot=boat "
    "haus=house hütte=cabin burg=castle schloss=castle baum=tree blume=flower blumen=flowers "
    "sonnenblume=sunflower pilz=mushroom kaktus=cactus ballon=balloon rakete=rocket banane=banana "
    "fahrrad=bicycle auto=car zug=train teekanne=teapot tasse=cup zeitung=newspaper buch=book "
    "regenschirm=umbrella laterne=lantern roboter=robot astronautin=astronaut drachen=kite "
    "regenbogen=rainbow berg=mountain berge=mountains hügel=hills meer=sea strand=beach "
    "insel=island fluss=river teich=pond stadt=city straße=street wald=forest wüste=desert "
    "wiese=meadow feld=field zimmer=room küche=kitchen tisch=table weltraum=space tag=day "
    "mittag=noon morgen=morning morgengrauen=dawn sonnenaufgang=sunrise sonnenuntergang=sunset "
    "abend=evening abenddämmerung=dusk nacht=night mitternacht=midnight mond=moon "
    "mondlicht=moonlight sonne=sun sterne=stars regen=rain sturm=storm schnee=snow nebel=fog "
    "wolken=clouds aquarell=watercolour holzschnitt=woodcut bleistift=pencil "
    "bleistiftzeichnung=sketch zeichnung=sketch skizze=sketch kreide=chalk pastell=pastel "
    "ölgemälde=oil-painting ölbild=oil-painting pixelkunst=pixel-art plakat=poster "
    "bauplan=blueprint mosaik=mosaic rote=red roter=red rotes=red roten=red blau=blue blaue=blue "
    "blauer=blue blaues=blue blauen=blue grün=green grüne=green grüner=green grünes=green "
    "gelb=yellow gelbe=yellow gelber=yellow gelbes=yellow schwarz=black schwarze=black "
    "schwarzer=black weiß=white weiße=white weißer=white weißes=white grau=grey graue=grey "
    "apfel=apple brücke=bridge flugzeug=airplane gitarre=guitar stuhl=chair torte=cake "
    "kuchen=cake uhr=clock löwe=lion frosch=frog drache=dragon"
)
#: Words that mean something else in English: read in a German prompt alone.
FALSE_FRIENDS = _table("see=lake boot=boat kind=child rot=red rose=rose hut=hat öl=oil ross=horse")
#: Words that show that a prompt is German.
MARKS = frozenset(
    ("der", "das", "ein", "eine", "einen", "einem", "einer", "und", "im", "am", "mit", "bei")
)
