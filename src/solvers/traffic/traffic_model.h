/* The closures of section 3.1 with classes, lanes and categories resolved: what the pointwise physics reads. Plain
 * data, for host and device.
 */
#ifndef TRAFFIC_MODEL_H
#define TRAFFIC_MODEL_H

enum { TRAFFIC_CLASSES = 16, TRAFFIC_CATEGORIES = 10 };

/* The exponents that are products and roots, and the rest. */
typedef enum traffic_power { TRAFFIC_1, TRAFFIC_1_5, TRAFFIC_2, TRAFFIC_2_5, TRAFFIC_3, TRAFFIC_ANY } traffic_power;

typedef struct traffic_model {
  int           n;                                           /* classes */
  double        jam;                                         /* rho_jam of the road, all lanes, veh/m */
  double        per_jam;                                     /* 1/jam, m/veh */
  double        vacuum;                                      /* at or below it a class is absent, veh/m */
  double        sees[TRAFFIC_CLASSES][TRAFFIC_CLASSES];      /* A_ij */
  double        pressure[TRAFFIC_CLASSES];                   /* K, m/s */
  double        exponent[TRAFFIC_CLASSES];                   /* gamma */
  traffic_power power[TRAFFIC_CLASSES];                      /* gamma, as a kind */
  double        tau[TRAFFIC_CLASSES];                        /* s */
  double        creep[TRAFFIC_CLASSES];                      /* Vcr, m/s */
  double        free[TRAFFIC_CLASSES][TRAFFIC_CATEGORIES];   /* Vmax by category, m/s; 0: the category is unknown */
} traffic_model;

#endif
