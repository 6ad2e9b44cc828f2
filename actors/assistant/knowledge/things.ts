/** What shops sell, in English: to a knowledge base that does not speak of lamps a lamp is an item. */
import { tokensOf } from './tokens.ts';

const THINGS = `
shirt tshirt blouse sweater jumper hoodie jacket coat dress skirt trousers pants jeans shorts socks shoes boots sneakers trainers sandals
hat cap scarf gloves belt tie underwear bra pyjamas pajamas swimsuit costume bag handbag backpack purse suitcase umbrella
watch necklace bracelet earrings sunglasses glasses jewellery jewelry perfume cream lotion serum shampoo lipstick mascara makeup soap
phone smartphone tablet laptop computer pc monitor keyboard mouse scanner camera lens drone speaker headphones earphones earbuds headset
charger cable adapter battery powerbank tv television console controller router modem
fridge refrigerator freezer oven microwave toaster kettle blender mixer dishwasher washer dryer vacuum hoover fan heater purifier humidifier
cup mug plate bowl glass pan pot knife fork spoon bottle jar lid tray
sofa couch chair armchair table desk bed mattress pillow blanket duvet sheet curtain carpet rug shelf bookcase wardrobe cabinet drawer mirror lamp light bulb vase frame candle
toy doll puzzle lego stroller pram crib bike bicycle scooter helmet skateboard tent racket ball dumbbell treadmill
drill hammer screwdriver ladder mower hose grill bbq
vinyl poster notebook pen pencil
`;

export const things: ReadonlySet<string> = new Set(
  THINGS.trim()
    .split(/\s+/)
    .flatMap((word) => tokensOf(word).map(({ text }) => text)),
);
